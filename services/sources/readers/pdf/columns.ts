/** Parts columns of running text that are drawn row by row, which would be read across. */
import { isCjk } from '../../text/fold-space.ts';
import { sizeOf } from '../../text/passage-size.ts';
import type { Chunk, PdfLine } from './lines.ts';

/** Rows in which text stands on both sides of the gap. */
const fewestRows = 4;
/** Columns of prose hold at least so many columns of characters a line; cells of tables often fewer. */
const narrowest = 10;

/** @param lines of one page */
export function partColumns(lines: readonly PdfLine[]): readonly PdfLine[] {
  const parted: PdfLine[] = [];
  for (let at = 0; at < lines.length; ) {
    const found = columnsFrom(lines, at);
    if (found === null) {
      parted.push(lines[at] as PdfLine);
      at++;
    } else {
      // The right part may hold further columns.
      parted.push(...found.left, ...partColumns(found.right));
      at = found.end;
    }
  }
  return parted;
}

type Columns = { readonly left: readonly PdfLine[]; readonly right: readonly PdfLine[]; readonly end: number };

function columnsFrom(lines: readonly PdfLine[], from: number): Columns | null {
  const first = lines[from];
  if (first === undefined || first.chunks.length < 2) return null;
  for (let gap = 1; gap < first.chunks.length; gap++) {
    let left = first.chunks[gap - 1]?.end ?? 0;
    let right = first.chunks[gap]?.start ?? 0;
    let both = 0;
    let end = from;
    const sides: { left: PdfLine | null; right: PdfLine | null }[] = [];
    for (; end < lines.length; end++) {
      const line = lines[end] as PdfLine;
      const before = lines[end - 1];
      if (end > from && before && !followsClosely(before, line)) break;
      const narrowed = narrow(line, left, right);
      if (narrowed === null) break;
      ({ left, right } = narrowed);
      const cut = cutAt(line, right);
      if (cut.left && cut.right) both++;
      sides.push(cut);
    }
    // One-sided lines at the end are the rest of the longer column.
    if (both < fewestRows) continue;
    const leftLines = sides.flatMap((each) => each.left ?? []);
    const rightLines = sides.flatMap((each) => each.right ?? []);
    if (isProse(leftLines) && isProse(rightLines)) return { left: leftLines, right: rightLines, end };
  }
  return null;
}

function followsClosely(before: PdfLine, line: PdfLine): boolean {
  const fall = before.level - line.level;
  return line.angle === before.angle && line.isVertical === before.isVertical && fall > 0 && fall < line.size * 3;
}

/** The part of the gap that this line leaves free too; null: it stands across. */
function narrow({ chunks, size }: PdfLine, left: number, right: number): { left: number; right: number } | null {
  let from = left;
  let to = right;
  for (const { start, end } of chunks) {
    if (end <= from + size * 0.1) continue;
    if (start >= to - size * 0.1) continue;
    // It reaches into the gap: what is left of the gap stands beside it.
    if (start <= from) from = Math.max(from, end);
    else to = Math.min(to, start);
    if (to - from < size * 0.8) return null;
  }
  return { left: from, right: to };
}

function cutAt(line: PdfLine, right: number): { left: PdfLine | null; right: PdfLine | null } {
  const isLeft = ({ start }: Chunk) => start < right - line.size * 0.2;
  return {
    left: lineOf(line, line.chunks.filter(isLeft)),
    right: lineOf(
      line,
      line.chunks.filter((each) => !isLeft(each)),
    ),
  };
}

export function lineOf(line: PdfLine, chunks: readonly Chunk[]): PdfLine | null {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first === undefined || last === undefined) return null;
  const text = chunks
    .map((chunk, at) => gapText(chunks[at - 1], chunk, line.size) + chunk.text)
    .join('')
    .trim();
  return { ...line, text, start: first.start, end: last.end, chunks: [...chunks] };
}

function gapText(before: Chunk | undefined, chunk: Chunk, size: number): string {
  if (before === undefined) return '';
  return chunk.start - before.end > size * 3 ? ' | ' : ' ';
}

/** Lines that fill their column and whose sentences run on from line to line, as those of tables do not. */
function isProse(lines: readonly PdfLine[]): boolean {
  if (lines.length < fewestRows) return false;
  const left = Math.min(...lines.map(({ start }) => start));
  const width = Math.max(...lines.map(({ end }) => end)) - left;
  const isFull = (line: PdfLine) => line.end - left >= width * (isCjk(line.text.slice(-1)) ? 0.8 : 0.68);
  const full = lines.filter(isFull).length;
  const characters = lines.reduce((sum, { text }) => sum + sizeOf(text), 0) / lines.length;
  let runsOn = 0;
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1];
    if (next !== undefined && continues(line.text, next.text)) runsOn++;
  }
  return characters >= narrowest && full >= lines.length * 0.5 && runsOn >= (lines.length - 1) * 0.4;
}

function continues(text: string, next: string): boolean {
  if (/[.!?。！？:：]["”」』)）]?$/.test(text)) return false;
  if (isCjk(text.slice(-1)) && isCjk(next.charAt(0))) return true;
  if (/\p{L}-$/u.test(text)) return true;
  // One word alone is more likely a value.
  return /^\p{Ll}/u.test(next) && /\s/.test(text.trim());
}
