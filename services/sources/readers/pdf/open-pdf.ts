/** Opens a PDF with pdf.js, which is imported only when needed: loading it takes longer than most commands. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
