/** Finds the table of contents of a book, whose lines only repeat its headings. Lists with leaders in other documents are text. */
import type { LeftOutCounter } from '../../text/left-out.ts';
import type { PdfLine } from './lines.ts';

/** Leaders and a page number. */
const entry = /(?:\s\.|\.\s|\.\.|…|・・|‥){3,}[\s.]*(?:\|\s*)?(\d+|[ivxlc]+)\s*$/i;
/** The line of a chapter, which has no leaders. */
const chapter = / \| (\d+|[ivxlc]+)$/i;
/** Pages. A shorter document has no table of contents that is worth leaving out. */
const fewestPages = 6;
const fewestEntries = 4;

/** @returns the pages' lines without the table of contents, which is counted */
export function withoutContents(
  pages: readonly (readonly PdfLine[])[],
  leftOut: LeftOutCounter,
): readonly (readonly PdfLine[])[] {
  if (pages.length < fewestPages) return pages;
  return pages.map((lines, page) => {
    const entries = lines.filter(({ text }) => entry.test(text));
    if (entries.length < fewestEntries || entries.length <= lines.length / 2 || !rise(entries, pages.length))
      return lines;
    const isEntry = (line: PdfLine | undefined) =>
      line !== undefined && (entry.test(line.text) || chapter.test(line.text));
    const kept = lines.filter((line, at) => !isEntry(line) && !isFirstPart(line, lines[at + 1], isEntry));
    leftOut.add('table of contents', page + 1, lines.length - kept.length);
    return kept;
  });
}

/** Numbers of pages do not fall, and are not larger than the book. Prices and telephone numbers are. */
function rise(entries: readonly PdfLine[], pages: number): boolean {
  const numbers = entries.flatMap(({ text }) => {
    const number = Number(entry.exec(text)?.[1]);
    return Number.isInteger(number) ? [number] : [];
  });
  const falls = numbers.filter((number, at) => number < (numbers[at - 1] ?? 0)).length;
  return falls <= numbers.length / 20 && Math.max(0, ...numbers) <= pages * 1.1 + 30;
}

/** The first line of an entry that wraps. */
function isFirstPart(
  line: PdfLine,
  next: PdfLine | undefined,
  isEntry: (line: PdfLine | undefined) => boolean,
): boolean {
  return (
    isEntry(next) &&
    next !== undefined &&
    /^\d+(?:\.\d+)*\.?\s/.test(line.text) &&
    !/^\d+(?:\.\d+)*\.?\s/.test(next.text)
  );
}
