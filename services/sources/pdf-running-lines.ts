/** Finds a PDF's running headers, footers and page numbers: what stands at the same height on page after page. */
import type { PdfLine } from './pdf-lines.ts';

const pageNumber = /^[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*\/\s*\d{1,4})?[-–—|\s]*$/i;
/** How many lines from the top and from the bottom may be running ones. */
const depth = 3;

/** @returns the pages' lines without the running ones */
export function withoutRunningLines(pages: readonly (readonly PdfLine[])[]): readonly (readonly PdfLine[])[] {
  const needed = pages.length <= 2 ? 2 : 3;
  const texts = new Map<string, number>();
  const heights = new Map<number, number>();
  for (const lines of pages) {
    for (const key of new Set([...edges(lines)].map(keyOf))) texts.set(key, (texts.get(key) ?? 0) + 1);
  }
  const repeats = (line: PdfLine) => (texts.get(keyOf(line)) ?? 0) >= needed;
  for (const lines of pages) {
    const running = [...edges(lines)].filter((line) => repeats(line) || pageNumber.test(line.text));
    for (const height of new Set(running.map(heightOf))) heights.set(height, (heights.get(height) ?? 0) + 1);
  }
  return pages.map((lines) => {
    const outermost = edges(lines, 1);
    const running = [...edges(lines)].filter((line) => {
      if (pages.length > 1 && repeats(line)) return true;
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
const keyOf = (line: PdfLine): string => `${heightOf(line)} ${line.text.replace(/\d+/g, '#')}`;
