/** Finds running headers, footers and page numbers of a PDF: what stands apart from the text, at the same height, on page after page. */
import type { LeftOutCounter } from '../../text/left-out.ts';
import type { PdfLine } from './lines.ts';
import { quantile } from './quantile.ts';

const pageNumber = /^[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*\/\s*\d{1,4})?[-–—|\s]*$/i;
const namesPage = /\b(?:page|p\.|seite)\s*#|#\s*(?:\/|of)\s*\d|(?:頁|ページ)|#\s*$/i;
const sentence = /[.。!?！？]$/;
/** How many lines from the top and from the bottom may be running ones. */
const depth = 3;
/** Repetitions on fewer pages are text: letters, invoices and forms repeat themselves. */
const fewestPages = 3;
const shareOfPages = 0.25;
/** A running line stands apart from the text by this many times the usual distance of lines. */
const apart = 1.25;

type Pages = readonly (readonly PdfLine[])[];

/** @returns the pages' lines without the running ones, which are counted */
export function withoutRunningLines(pages: Pages, leftOut: LeftOutCounter): Pages {
  const needed = Math.max(fewestPages, Math.ceil(pages.length * shareOfPages));
  if (pages.length < needed) return pages;
  const bodySize = quantile(
    pages.flatMap((lines) => lines.map(({ size }) => size)),
    0.5,
  );
  const leading = quantile(pages.flatMap(distances), 0.3) || bodySize * 1.2;
  const counts = new Map<string, number>();
  for (const [page, lines] of pages.entries()) {
    const keys = [...edges(lines)].flatMap(({ line, side }) => keysOf(line, page, side, bodySize));
    for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const isFrequent = (key: string) => (counts.get(key) ?? 0) >= needed;
  return pages.map((lines, page) => {
    const running = new Set<PdfLine>();
    for (const side of ['top', 'bottom'] as const) {
      const ordered = side === 'top' ? fallen(lines) : fallen(lines).reverse();
      const found: PdfLine[] = [];
      for (const line of ordered.slice(0, depth)) {
        if (!keysOf(line, page, side, bodySize).some(isFrequent)) break;
        found.push(line);
      }
      // Text that repeats may stand beside them: they end where a gap is.
      const end = found.findLastIndex((line, at) => {
        const next = ordered[at + 1];
        return next === undefined || Math.abs(line.level - next.level) > leading * apart;
      });
      for (const line of found.slice(0, end + 1)) running.add(line);
    }
    for (const _ of running) leftOut.add('page furniture', page + 1);
    return running.size === 0 ? lines : lines.filter((line) => !running.has(line));
  });
}

type Side = 'top' | 'bottom';

function edges(lines: readonly PdfLine[]): readonly { line: PdfLine; side: Side }[] {
  const ordered = fallen(lines);
  return [
    ...ordered.slice(0, depth).map((line) => ({ line, side: 'top' as const })),
    ...ordered.slice(-depth).map((line) => ({ line, side: 'bottom' as const })),
  ];
}

const fallen = (lines: readonly PdfLine[]): PdfLine[] => {
  const angle = lines[0]?.angle;
  return lines.filter((line) => line.angle === angle && !line.isVertical).sort((a, b) => b.level - a.level);
};

/** What is the same on each page that has this running line. */
function keysOf(line: PdfLine, page: number, side: Side, bodySize: number): readonly string[] {
  const height = Math.round(line.level / 2);
  const keys = [`${side} ${height} ${line.text}`];
  if (sentence.test(line.text) || line.size > bodySize * 1.15) return keys;
  for (const text of numberedFrom(line.text, page)) {
    // Numbers that rise with the pages: of the page, or of what the page is about ("Lesson 3").
    const isNumber = pageNumber.test(line.text);
    const isNamed = namesPage.test(text.replace(/#-?\d+/, '#'));
    const isSmall = line.size < bodySize * 0.97 || line.text.includes(' | ') || side === 'bottom';
    const isPlain = !isNumber && !/page|ページ|頁|\bp\.|\d\s*(?:\/|of)\s*\d/i.test(line.text);
    if (isNumber || (isNamed && (!isPlain || isSmall)) || isSmall) keys.push(`${side} ${height} ${text}`);
  }
  // Above the page number the name of the chapter changes: both stand in one line.
  const number = numberedFrom(line.text, page).find((text) => /(?:^#-?\d+ \| |\| #-?\d+$)/.test(text));
  const place = number && /#-?\d+/.exec(number)?.[0];
  if (place !== undefined) keys.push(`${side} ${height} ${place}`);
  return keys;
}

/** The text with each of its numbers counted from its page: the same on every page for a page number. */
function numberedFrom(text: string, page: number): readonly string[] {
  return [...text.matchAll(/\d{1,6}/g)].map(({ 0: number, index }) => {
    return `${text.slice(0, index)}#${Number(number) - page}${text.slice(index + number.length)}`;
  });
}

function distances(lines: readonly PdfLine[]): readonly number[] {
  return lines.flatMap((line, at) => {
    const next = lines[at + 1];
    const fall = next && next.angle === line.angle ? line.level - next.level : 0;
    return fall > line.size * 0.5 && fall < line.size * 3 ? [fall] : [];
  });
}
