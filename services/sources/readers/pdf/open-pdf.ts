/** Opens a PDF with pdf.js, which is imported only when needed: loading it takes longer than most commands. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../../source-error.ts';

/** The caller must destroy the returned loading task, even if loading fails. */
export async function openPdf(bytes: Uint8Array) {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const home = dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')));
  return pdfjs.getDocument({
    data: new Uint8Array(bytes), // a copy: the library takes the buffer over
    cMapUrl: `${join(home, 'cmaps')}/`,
    cMapPacked: true,
    standardFontDataUrl: `${join(home, 'standard_fonts')}/`,
    useSystemFonts: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
}

/**
 * Waits for a call of pdf.js. Only its errors mean that the file is at fault: an error of the layout is a bug.
 * @throws {SourceError} for files that are encrypted or damaged
 */
export async function parsed<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SourceError) throw error;
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new SourceError('is encrypted; save a copy without a password', { cause: error });
    }
    throw new SourceError('is not a complete PDF file: it is damaged or truncated', { cause: error });
  }
}
