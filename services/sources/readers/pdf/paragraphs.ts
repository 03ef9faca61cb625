/** Lines of a PDF's pages → headings and paragraphs, by sizes, gaps and indents. */
import type { Block } from '../../text/block.ts';
import { foldSpace, hardBreak, isCjk } from '../../text/fold-space.ts';
import { sizeOf } from '../../text/passage-size.ts';
import { findHeadings, mostOf } from './headings.ts';
import { ascii, type PdfLine } from './lines.ts';
import { quantile } from './quantile.ts';

/** `turn`: how many of the lines stand on `page`, where the rest stands on the next one. */
type Run = { readonly page: number; readonly lines: PdfLine[]; turn?: number };

const bullet = /^(?:[•◦▪●○■・‣∙*–—-]\s|[・●■]|(?:\d{1,2}|[a-z])[.)]\s|[（(]\d{1,2}[)）])/;
const continuation =
  /^\((?:continues on next page|continued from previous page|次のページに続く|前のページからの続き)\)$/;
const sentenceEnd = /[.!?。！？:：」』）)”"]$/;
/** An abbreviation may look the same; then a paragraph is cut in two, and both parts are still true to their page. */
const betweenSentences = /(?<=[.!?][”"')\]]?)\s+(?=[\p{Lu}\d“"'(])|(?<=[。！？][」』）]?)(?![」』）])(?=.)/u;
const leaders = /(?:\s*[.…・·‥]){4,}\s*/g;

export function pdfParagraphs(pages: readonly (readonly PdfLine[])[]): readonly Block[] {
  const lines = pages.flat();
  const bodySize = usualSize(lines);
  const leading = usualLeading(pages, bodySize);
  const rightOf = (vertical: boolean) =>
    quantile(
      lines.filter((line) => line.isVertical === vertical).map((line) => line.end),
      0.9,
    );
  const rights = { horizontal: rightOf(false), vertical: rightOf(true) };
  const reach = new Map<string, number>();
  for (const line of lines) {
    const key = reachKey(line);
    reach.set(key, Math.max(reach.get(key) ?? 0, line.chunks.length > 1 ? 0 : line.end));
  }
  const headings = findHeadings(pages, bodySize);
  const firstHeaded = pages.length >= 4 && isTitlePage(pages[0], bodySize) ? 2 : 1;
  const hyphenated = new Set(
    lines.flatMap(({ text }) => text.match(/\p{L}+-\p{L}+/gu) ?? []).map((word) => word.toLowerCase()),
  );
  const runs: Run[] = [];
  for (const [at, page] of pages.entries()) {
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
  return runs.flatMap((run): Block[] => {
    const level = levelOf(run);
    if (level !== null) return [{ kind: 'heading', level, text: textOf(run.lines) }];
    if (isFixed(run.lines[0]))
      return [{ kind: 'pre', text: run.lines.map(indented(run.lines)).join('\n'), page: run.page }];
    const text = textOf(run.lines);
    const kind =
      bullet.test(text) || text.includes(' | ') || hasLeaders(run.lines[0]?.text ?? '') ? 'item' : 'paragraph';
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
    if (bullet.test(line.text) || line.text.includes(' | ') || hasLeaders(line.text) || hasLeaders(before.text))
      return false;
    if (before.isVertical !== line.isVertical || before.angle !== line.angle) return false;
    const isHeading = headings.levelOf(line) !== null;
    if (isHeading !== (headings.levelOf(before) !== null)) return false;
    if (isHeading) return true;
    const right = line.isVertical ? rights.vertical : rights.horizontal;
    const step = line.start - before.start;
    // The second line of a list's item hangs to the right of its bullet; elsewhere an indent opens a paragraph.
    if (step > line.size * 0.8 && !(run.length === 1 && bullet.test(first.text))) return false;
    if (step < -line.size * 0.8 && run.length > 1) return false;
    return !(before.end < right - (right - first.start) * 0.25 && sentenceEnd.test(before.text));
  }

  /** A sentence that runs on over the page's end. */
  function continuesPage(run: Run | undefined, line: PdfLine, page: number): boolean {
    const last = run?.lines.at(-1);
    if (!run || !last || run.page !== page - 1 || levelOf(run) !== null || isFixed(last) || isFixed(line)) return false;
    if (sentenceEnd.test(last.text) || bullet.test(line.text) || Math.abs(last.size - line.size) > last.size * 0.08)
      return false;
    return /^\p{Ll}/u.test(line.text) || (isCjk(line.text.charAt(0)) && isCjk(last.text.slice(-1)));
  }

  /** The widest line that begins at the same place, or nearly so, sets how far lines reach. */
  function endsBefore(before: PdfLine, line: PdfLine): boolean {
    const right = reach.get(reachKey(before)) ?? before.end;
    return !before.isVertical && isEnded(before, line, right);
  }

  function levelOf({ lines, page }: Run): number | null {
    const [first] = lines;
    const length = lines.reduce((sum, line) => sum + line.text.length, 0);
    if (first === undefined || page < firstHeaded || length > 200 || lines.length > 3) return null;
    return lines.some((line) => headings.levelOf(line) === null) ? null : headings.levelOf(first);
  }

  function textOf(run: readonly PdfLine[]): string {
    let text = '';
    for (const [at, line] of run.entries()) {
      const next = line.text;
      const before = run[at - 1];
      if (before && endsBefore(before, line)) {
        text += hardBreak + next;
        continue;
      }
      const word = /\p{L}+-$/u.exec(text)?.[0];
      const rest = /^\p{Ll}+/u.exec(next)?.[0];
      if (word === undefined || rest === undefined) text += text === '' ? next : `\n${next}`;
      // A hyphen that the document writes within lines too belongs to the word.
      else text = (hyphenated.has((word + rest).toLowerCase()) ? text : text.slice(0, -1)) + next;
    }
    return foldSpace(text.replace(leaders, ' … '));
  }
}

function isFixed(line: PdfLine | undefined): boolean {
  if (!line) return false;
  const letters = line.text.match(ascii)?.length ?? 0;
  return line.fixed > letters * 0.7 && letters > line.text.replaceAll(' ', '').length * 0.6;
}

/** Lines of one column have the same left edge and size. */
const reachKey = ({ start, size, angle }: PdfLine): string => `${angle} ${Math.round(start / 4)} ${Math.round(size)}`;

/**
 * Whether the line was ended on purpose: the first word of the next one would have had room, and it may begin a line of its own.
 * @param right of the lines that it stands among
 */
function isEnded(before: PdfLine, line: PdfLine, right: number): boolean {
  if (
    !/^[\p{Lu}\p{Lo}\d(（「『【〒]/u.test(line.text) ||
    /^[ぁ-ん]/u.test(line.text) ||
    /[,、，]$|\p{L}-$/u.test(before.text)
  )
    return false;
  const [word = ''] = isCjk(line.text.charAt(0)) ? [line.text.slice(0, 3)] : (/^\S+/.exec(line.text) ?? []);
  const widthOf = (line.end - line.start) / Math.max(1, sizeOf(line.text));
  const room = right - before.end;
  return room > widthOf * (sizeOf(word) + 1) + (right - line.start) * 0.12;
}

/** A price, a number or a page after a row of dots. */
const hasLeaders = (text: string): boolean => /(?:\s*[.…・·‥]){4,}\s*\S/.test(text);

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

/** The size that most characters are set in; code counts where there is little else. */
function usualSize(lines: readonly PdfLine[]): number {
  const prose = lines.filter((line) => !isFixed(line));
  const characters = (of: readonly PdfLine[]) => of.reduce((sum, { text }) => sum + text.length, 0);
  const body = characters(prose) >= characters(lines) * 0.2 ? prose : lines;
  return body.length === 0 ? 0 : mostOf(body, (line) => roundedSize(line));
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
