/** PDF → blocks, page by page. */

import { SourceError } from '../../source-error.ts';
import type { Extracted } from '../../text/block.ts';
import { foldSpace } from '../../text/fold-space.ts';
import { type PdfLine, pdfLines } from './lines.ts';
import { openPdf } from './open-pdf.ts';
import { pdfParagraphs } from './paragraphs.ts';
import { withoutRunningLines } from './running-lines.ts';

/** @throws {SourceError} for files that are encrypted, damaged or hold pictures of text only */
export async function readPdf(bytes: Uint8Array): Promise<Extracted> {
  const { pages, told } = await readPages(bytes);
  if (pages.every((lines) => lines.length === 0)) {
    throw new SourceError('holds no text, only pictures of it; run it through OCR first');
  }
  const blocks = pdfParagraphs(withoutRunningLines(pages));
  return { title: titleFrom(told) ?? blocks.find((block) => block.kind === 'heading')?.text ?? null, blocks };
}

type Pages = { readonly pages: readonly (readonly PdfLine[])[]; readonly told: string };

async function readPages(bytes: Uint8Array): Promise<Pages> {
  const loading = await openPdf(bytes);
  try {
    const document = await loading.promise;
    const pages: (readonly PdfLine[])[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      const { items, styles } = await page.getTextContent();
      pages.push(
        pdfLines(
          items.filter((item) => 'str' in item),
          styles,
        ),
      );
      page.cleanup();
    }
    const { info } = await document.getMetadata();
    return { pages, told: 'Title' in info && typeof info.Title === 'string' ? foldSpace(info.Title) : '' };
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new SourceError('is encrypted; save a copy without a password', { cause: error });
    }
    throw new SourceError('is not a complete PDF file: it is damaged or truncated', { cause: error });
  } finally {
    await loading.destroy();
  }
}

/** Word processors put the name of the file they were given there. */
function titleFrom(told: string): string | null {
  return told === '' || /^(untitled|microsoft word|無題)|\.(docx?|tex|dvi|html?|indd|pptx?)$/i.test(told) ? null : told;
}
