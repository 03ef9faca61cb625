/** Opens a PDF with the library that reads them, which is loaded with the first: it takes longer than most commands run. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The caller destroys what it gets, whatever becomes of its promise. */
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
