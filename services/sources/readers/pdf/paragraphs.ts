/** Lines of a PDF's pages → headings and paragraphs, as sizes, gaps and indents tell. */
import type { Block } from '../../text/block.ts';
import { foldSpace, isCjk } from '../../text/fold-space.ts';
import { ascii, type PdfLine } from './lines.ts';

/** `turn`: how many of the lines stand on `page`, where the rest stands on the next one. */
type Run = { readonly page: number; readonly lines: PdfLine[]; turn?: number };

const bullet = /^(?:[•◦▪●○■・‣∙*–—-]\s|[・●■]|(?:\d{1,2}|[a-z])[.)]\s|[（(]\d{1,2}[)）])/;
/** Leaders and a page number. */
const contentsLine = /(?:\s\.|\.\s|\.\.|…|・・){3,}[\s.]*(?:\|\s*)?(?:\d+|[ivxlc]+)(?:\s|$)/i;
/** A chapter's line in a table of contents, which has no leaders. */
const contentsChapter = / \| [\divxlc]+$/i;
const continuation =
  /^\((?:continues on next page|continued from previous page|次のページに続く|前のページからの続き)\)$/;
const sentenceEnd = /[.!?。！？:：」』）)”"]$/;
/** An abbreviation may look the same; then a paragraph is cut in two, and both parts are still true to their page. */
const betweenSentences = /(?<=[.!?][”"')\]]?)\s+(?=[\p{Lu}\d“"'(])|(?<=[。！？][」』）]?)(?![」』）])(?=.)/u;
/** A font this much larger than the body's is a heading's. */
const headingScale = 1.12;

export function pdfParagraphs(pages: readonly (readonly PdfLine[])[]): readonly Block[] {
  const lines = pages.flat();
  const bodySize = usualSize(lines);
  const leading = usualLeading(pages, bodySize);
  const right = quantile(
    lines.map((line) => line.end),
    0.9,
  );
  const hyphenated = new Set(
    lines.flatMap(({ text }) => text.match(/\p{L}+-\p{L}+/gu) ?? []).map((word) => word.toLowerCase()),
  );
  const firstHeaded = isTitlePage(pages[0], bodySize) ? 2 : 1;
  const runs: Run[] = [];
  for (const [at, page] of pages.map(withoutContents).entries()) {
    let open: Run | undefined;
    for (const line of page) {
      if (continuation.test(line.text)) continue;
      if (open && continues(open.lines, line)) open.lines.push(line);
      else if (!open && continuesPage(runs.at(-1), line, at + 1)) {
        open = runs.at(-1);
        if (open) open.turn ??= open.lines.length;
        open?.lines.push(line);
      } else {
        open = { page: at + 1, lines: [line] };
        runs.push(open);
      }
    }
  }
  const headingSizes = [...new Set(runs.filter(isHeading).map(({ lines }) => roundedSize(lines[0])))].sort(
    (a, b) => b - a,
  );
  return runs.flatMap((run): Block[] => {
    if (isHeading(run))
      return [{ kind: 'heading', level: headingSizes.indexOf(roundedSize(run.lines[0])) + 1, text: textOf(run.lines) }];
    if (isFixed(run.lines[0]))
      return [{ kind: 'pre', text: run.lines.map(indented(run.lines)).join('\n'), page: run.page }];
    const text = textOf(run.lines);
    const kind = bullet.test(text) || text.includes(' | ') ? 'item' : 'paragraph';
    const [here, overleaf] = parted(run, text);
    const first: Block = { kind, text: here.replace(/^[•◦▪●○■‣∙–—]\s*/, ''), page: run.page };
    return overleaf === '' ? [first] : [first, { kind, text: overleaf, page: run.page + 1 }];
  });

  /** What begins on the run's page, then the sentences that begin overleaf: a citation names the page its words stand on. */
  function parted(run: Run, text: string): readonly [here: string, overleaf: string] {
    if (run.turn === undefined) return [text, ''];
    const before = textOf(run.lines.slice(0, run.turn)).length;
    const end = text.slice(before).search(betweenSentences);
    return end === -1 ? [text, ''] : [text.slice(0, before + end), text.slice(before + end).trim()];
  }

  function continues(run: readonly PdfLine[], line: PdfLine): boolean {
    const before = run.at(-1);
    const first = run[0];
    if (!before || !first) return false;
    const gap = before.level - line.level;
    if (gap <= 0 || gap > Math.max(leading, 1) * Math.max(line.size, before.size) * 1.3) return false;
    if (Math.abs(line.size - before.size) > before.size * 0.08 || isFixed(line) !== isFixed(before)) return false;
    if (isFixed(line)) return true;
    if (bullet.test(line.text) || line.text.includes(' | ')) return false;
    if (line.size >= bodySize * headingScale) return true;
    const step = line.start - before.start;
    // The second line of a list's item hangs to the right of its bullet; elsewhere an indent opens a paragraph.
    if (step > line.size * 0.8 && !(run.length === 1 && bullet.test(first.text))) return false;
    if (step < -line.size * 0.8 && run.length > 1) return false;
    return !(before.end < right - (right - first.start) * 0.25 && sentenceEnd.test(before.text));
  }

  /** A sentence that runs on over the page's end. */
  function continuesPage(run: Run | undefined, line: PdfLine, page: number): boolean {
    const last = run?.lines.at(-1);
    if (!run || !last || run.page !== page - 1 || isHeading(run) || isFixed(last) || isFixed(line)) return false;
    if (sentenceEnd.test(last.text) || bullet.test(line.text) || Math.abs(last.size - line.size) > last.size * 0.08)
      return false;
    return /^\p{Ll}/u.test(line.text) || (isCjk(line.text.charAt(0)) && isCjk(last.text.slice(-1)));
  }

  function isHeading({ lines, page }: Run): boolean {
    if (page < firstHeaded) return false;
    const length = lines.reduce((sum, line) => sum + line.text.length, 0);
    return (lines[0]?.size ?? 0) >= bodySize * headingScale && length <= 200 && lines.length <= 3;
  }

  function textOf(run: readonly PdfLine[]): string {
    let text = '';
    for (const { text: next } of run) {
      const word = /\p{L}+-$/u.exec(text)?.[0];
      const rest = /^\p{Ll}+/u.exec(next)?.[0];
      if (word === undefined || rest === undefined) text += text === '' ? next : `\n${next}`;
      // A hyphen that the document writes within lines too belongs to the word.
      else text = (hyphenated.has((word + rest).toLowerCase()) ? text : text.slice(0, -1)) + next;
    }
    return foldSpace(text);
  }
}

/** A page's lines without its table of contents; on a page that is mostly one, the second lines of long entries go too. */
function withoutContents(page: readonly PdfLine[]): readonly PdfLine[] {
  const entries = page.filter((line) => contentsLine.test(line.text)).length;
  if (entries === 0) return page;
  if (entries > page.length / 2) return [];
  return page.filter((line) => !contentsLine.test(line.text) && !contentsChapter.test(line.text));
}

function isFixed(line: PdfLine | undefined): boolean {
  if (!line) return false;
  const letters = line.text.match(ascii)?.length ?? 0;
  return line.fixed > letters * 0.7 && letters > line.text.replaceAll(' ', '').length * 0.6;
}

const roundedSize = (line: PdfLine | undefined): number => Math.round((line?.size ?? 0) * 2) / 2;

function indented(run: readonly PdfLine[]): (line: PdfLine) => string {
  const left = Math.min(...run.map((line) => line.start));
  return ({ text, start, end }) => {
    const column = (end - start) / Math.max(text.length, 1);
    return ' '.repeat(Math.min(40, Math.max(0, Math.round((start - left) / Math.max(column, 1))))) + text;
  };
}

/** Large type on a title page is the title's and the authors', not that of headings above the text. */
function isTitlePage(page: readonly PdfLine[] | undefined, bodySize: number): boolean {
  const body = page?.filter((line) => roundedSize(line) <= bodySize) ?? [];
  return body.reduce((sum, line) => sum + line.text.length, 0) < 150;
}

/** The size that most characters are set in. */
function usualSize(lines: readonly PdfLine[]): number {
  const characters = new Map<number, number>();
  for (const line of lines)
    characters.set(roundedSize(line), (characters.get(roundedSize(line)) ?? 0) + line.text.length);
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** Distance from line to line in the body, in font sizes. */
function usualLeading(pages: readonly (readonly PdfLine[])[], size: number): number {
  const gaps = pages.flatMap((page) =>
    page.flatMap((line, at) => {
      const next = page[at + 1];
      const ratio = next ? (line.level - next.level) / size : 0;
      return ratio > 0.5 && ratio < 3 && roundedSize(line) === size ? [ratio] : [];
    }),
  );
  return gaps.length === 0 ? 1.5 : quantile(gaps, 0.4);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
