/** PDF → blocks, page by page. */
import type { Extracted } from '../../text/block.ts';
import { foldSpace } from '../../text/fold-space.ts';
import { createLeftOutCounter, type LeftOutCounter } from '../../text/left-out.ts';
import { partColumns } from './columns.ts';
import { withoutContents } from './contents.ts';
import { withFormValues } from './form-values.ts';
import { type PdfLine, pdfLines } from './lines.ts';
import { openPdf, parsed } from './open-pdf.ts';
import { pageTexts } from './page-texts.ts';
import { pdfParagraphs } from './paragraphs.ts';
import { withoutRunningLines } from './running-lines.ts';
import { joinCells } from './table-cells.ts';

/** @throws {SourceError} for files that are encrypted or damaged */
export async function readPdf(bytes: Uint8Array): Promise<Extracted> {
  const { pages, title } = await readPages(bytes);
  const leftOut = createLeftOutCounter();
  const running = withoutRunningLines(pages, leftOut);
  countEmptyPages(running, leftOut);
  const blocks = pdfParagraphs(withoutContents(running, leftOut));
  return {
    title: titleFrom(title) ?? blocks.find((block) => block.kind === 'heading')?.text ?? null,
    blocks,
    ...leftOut.report({ 'pages without text': pages.length }),
  };
}

/** Scanned pages often carry a number or a stamp as text, and nothing else. */
function countEmptyPages(pages: readonly (readonly PdfLine[])[], leftOut: LeftOutCounter): void {
  for (const [at, lines] of pages.entries()) if (lines.length === 0) leftOut.add('pages without text', at + 1);
}

type Pages = { readonly pages: readonly (readonly PdfLine[])[]; readonly title: string };

async function readPages(bytes: Uint8Array): Promise<Pages> {
  const loading = await openPdf(bytes);
  try {
    const document = await parsed(loading.promise);
    const pages: (readonly PdfLine[])[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const page = await parsed(document.getPage(number));
      const { items, styles } = await parsed(page.getTextContent());
      const drawn = withFormValues(
        items.filter((item) => 'str' in item),
        await parsed(page.getAnnotations()),
      );
      const texts = pageTexts(drawn, styles, page.getViewport({ scale: 1 }).transform);
      pages.push(partColumns(joinCells(pdfLines(texts))));
      page.cleanup();
    }
    const { info } = await parsed(document.getMetadata());
    const title = 'Title' in info && typeof info.Title === 'string' ? foldSpace(info.Title) : '';
    return { pages: withUsualForms(pages), title };
  } finally {
    await loading.destroy();
  }
}

/** Japanese fonts are often written with the traditional form of 戸. */
function withUsualForms(pages: readonly (readonly PdfLine[])[]): readonly (readonly PdfLine[])[] {
  const lines = pages.flat();
  if (!lines.some(({ text }) => text.includes('戶')) || !lines.some(({ text }) => /[ぁ-ん]/.test(text))) return pages;
  return pages.map((page) => page.map((line) => ({ ...line, text: line.text.replaceAll('戶', '戸') })));
}

/** Programs write the name of the file or of an empty document there. */
const noTitle =
  /^(?:\(?anonymous\)?|untitled.*|no title|title|無題.*|名称未設定.*|新規.*|about:blank|(?:document|文書|book|slide|スライド|presentation|プレゼンテーション|worksheet|sheet)\s*\d*|microsoft (?:word|powerpoint|excel)\b.*|powerpoint\b.*|(?:file|https?):\/\/.*|[a-z]:\\.*)$|\.(?:docx?|tex|dvi|html?|indd|pptx?|xlsx?|odt|rtf|md|txt|pdf|ps|pub|qxd)$/i;

function titleFrom(title: string): string | null {
  return title === '' || noTitle.test(title) ? null : title;
}
