/** Finds a PDF's running headers, footers and page numbers: what stands at the same height on page after page. */
import type { PdfLine } from './lines.ts';

const pageNumber = /^[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*\/\s*\d{1,4})?[-–—|\s]*$/i;
/** Headings and sentences are alike from page to page in forms and catalogues: they are running only word for word. */
const sentence = /[.。!?！？]$/;
const headingScale = 1.15;
/** How many lines from the top and from the bottom may be running ones. */
const depth = 3;

/** @returns the pages' lines without the running ones */
export function withoutRunningLines(pages: readonly (readonly PdfLine[])[]): readonly (readonly PdfLine[])[] {
  const needed = pages.length <= 2 ? 2 : 3;
  const texts = new Map<string, number>();
  const heights = new Map<number, number>();
  const sizes = pages.flatMap((lines) => lines.map(({ size }) => size)).toSorted((a, b) => a - b);
  const usualSize = sizes[sizes.length >> 1] ?? 0;
  const keysOf = (line: PdfLine, page: number) => {
    const isContent = sentence.test(line.text) || line.size > usualSize * headingScale;
    return [keyOf(line.text, line), ...(isContent ? [] : textsFrom(line.text, page).map((text) => keyOf(text, line)))];
  };
  for (const [page, lines] of pages.entries()) {
    const keys = [...edges(lines)].flatMap((line) => keysOf(line, page));
    for (const key of new Set(keys)) texts.set(key, (texts.get(key) ?? 0) + 1);
  }
  const repeats = (line: PdfLine, page: number) => keysOf(line, page).some((key) => (texts.get(key) ?? 0) >= needed);
  for (const [page, lines] of pages.entries()) {
    const running = [...edges(lines)].filter((line) => repeats(line, page) || pageNumber.test(line.text));
    for (const height of new Set(running.map(heightOf))) heights.set(height, (heights.get(height) ?? 0) + 1);
  }
  return pages.map((lines, page) => {
    const outermost = edges(lines, 1);
    const running = [...edges(lines)].filter((line) => {
      if (pages.length > 1 && repeats(line, page)) return true;
      // A chapter's name over its only page: nothing repeats but the height it stands at.
      const atRunningHeight = (heights.get(heightOf(line)) ?? 0) >= Math.max(needed, pages.length / 3);
      return outermost.has(line) && (pageNumber.test(line.text) || (atRunningHeight && line.text.length <= 120));
    });
    return running.length === 0 ? lines : lines.filter((line) => !running.includes(line));
  });
}

function edges(lines: readonly PdfLine[], count = depth): ReadonlySet<PdfLine> {
  const fallen = lines.toSorted((a, b) => b.level - a.level);
  return new Set([...fallen.slice(0, count), ...fallen.slice(-count)]);
}

const heightOf = (line: PdfLine): number => Math.round(line.level / 2);
const keyOf = (text: string, line: PdfLine): string => `${heightOf(line)} ${text}`;

/** The text with each of its numbers counted from the page it stands on: the same on every page for a page number alone. */
function textsFrom(text: string, page: number): readonly string[] {
  return [...text.matchAll(/\d{1,6}/g)].map(({ 0: number, index }) => {
    return `${text.slice(0, index)}#${Number(number) - page}${text.slice(index + number.length)}`;
  });
}
