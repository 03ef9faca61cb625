/** Joins the lines of table cells that wrap, where a page draws a table cell by cell, so that each row is one line. */
import { isCjk } from '../../text/fold-space.ts';
import { lineOf } from './columns.ts';
import type { PdfLine } from './lines.ts';

type Cell = { readonly lines: PdfLine[]; readonly start: number; end: number; readonly top: number; bottom: number };
type Row = { readonly cells: Cell[]; readonly from: number; to: number };

const mostLines = 12;
const mostCharacters = 400;

/** @param lines of one page, in the order in which they are drawn */
export function joinCells(lines: readonly PdfLine[]): readonly PdfLine[] {
  if (lines.some(({ isVertical }) => isVertical)) return lines;
  const pieces = lines.flatMap((line) =>
    line.chunks.map((chunk, at) => ({ line: lineOf(line, [chunk]) as PdfLine, from: line, isFirst: at === 0 })),
  );
  const rows = rowsOf(pieces.map(({ line }) => line));
  const joined = new Map<number, { row: PdfLine; to: number }>();
  for (let at = 0; at < rows.length; ) {
    const end = tableEnd(rows, at);
    for (const row of rows.slice(at, end)) joined.set(row.from, { row: rowLine(row), to: row.to });
    at = Math.max(end, at + 1);
  }
  if (joined.size === 0) return lines;
  const merged: PdfLine[] = [];
  for (let at = 0; at < pieces.length; ) {
    const row = joined.get(at);
    const piece = pieces[at];
    if (row) {
      merged.push(row.row);
      at = row.to;
    } else if (piece) {
      // A line whose chunks are no cells stays as it was.
      if (piece.isFirst) {
        let end = at + 1;
        while (end < pieces.length && pieces[end]?.from === piece.from && !joined.has(end)) end++;
        merged.push(
          end - at === piece.from.chunks.length
            ? piece.from
            : (lineOf(piece.from, piece.from.chunks.slice(0, end - at)) as PdfLine),
        );
        at = end;
      } else {
        merged.push(piece.line);
        at++;
      }
    }
  }
  return merged;
}

/** Cells one after the other: below, a cell goes on; to the right, at the height of the row, the next one begins. */
function rowsOf(pieces: readonly PdfLine[]): readonly Row[] {
  const rows: Row[] = [];
  let row: Row | undefined;
  for (const [at, piece] of pieces.entries()) {
    const cell = row?.cells.at(-1);
    if (row && cell && goesOn(cell, piece)) {
      cell.lines.push(piece);
      cell.end = Math.max(cell.end, piece.end);
      cell.bottom = piece.level;
    } else if (row && cell && isBeside(row, cell, piece)) row.cells.push(cellOf(piece));
    else {
      row = { cells: [cellOf(piece)], from: at, to: at };
      rows.push(row);
    }
    row.to = at + 1;
  }
  return rows;
}

const cellOf = (line: PdfLine): Cell => ({
  lines: [line],
  start: line.start,
  end: line.end,
  top: line.level,
  bottom: line.level,
});

function goesOn(cell: Cell, piece: PdfLine): boolean {
  const before = cell.lines.at(-1) as PdfLine;
  const fall = before.level - piece.level;
  const isAligned = Math.abs(piece.start - cell.start) < piece.size * 0.6;
  return isAligned && fall > piece.size * 0.5 && fall < piece.size * 1.5 && Math.abs(before.size - piece.size) < 0.5;
}

function isBeside(row: Row, cell: Cell, piece: PdfLine): boolean {
  const top = Math.max(...row.cells.map((each) => each.top));
  const bottom = Math.min(...row.cells.map((each) => each.bottom));
  const slack = piece.size * 0.6;
  return (
    piece.start >= cell.end - slack * 0.5 &&
    piece.start > cell.start + piece.size &&
    piece.level <= top + slack &&
    piece.level >= bottom - slack
  );
}

/** Where the rows that stand in the same columns end; `at`: they are no table whose cells wrap. */
function tableEnd(rows: readonly Row[], at: number): number {
  const starts = rows[at]?.cells.map(({ start }) => start) ?? [];
  let end = at;
  let wrapped = 0;
  for (let row = rows[end]; row !== undefined; row = rows[++end]) {
    const size = row.cells[0]?.lines[0]?.size ?? 10;
    const isAligned = row.cells.every(({ start }) => starts.some((each) => Math.abs(each - start) < size * 1.2));
    const isSmall = row.cells.every(
      ({ lines }) =>
        lines.length <= mostLines && lines.reduce((sum, { text }) => sum + text.length, 0) <= mostCharacters,
    );
    const before = rows[end - 1];
    const isBelow = end === at || (before !== undefined && bottomOf(before) > topOf(row));
    if (row.cells.length < 2 || !isAligned || !isSmall || !isBelow) break;
    if (row.cells.some(({ lines }) => lines.length > 1)) wrapped++;
  }
  return end - at >= 2 && wrapped > 0 ? end : at;
}

const topOf = (row: Row): number => Math.max(...row.cells.map(({ top }) => top));
const bottomOf = (row: Row): number => Math.min(...row.cells.map(({ bottom }) => bottom));

function rowLine({ cells }: Row): PdfLine {
  const first = cells[0]?.lines[0] as PdfLine;
  const chunks = cells.map(({ lines, start, end }) => ({ text: joinedText(lines), start, end }));
  return {
    ...first,
    text: chunks.map(({ text }) => text).join(' | '),
    end: Math.max(...cells.map(({ end }) => end)),
    chunks,
  };
}

function joinedText(lines: readonly PdfLine[]): string {
  return lines.reduce((text, line) => {
    if (text === '') return line.text;
    if (/\p{L}-$/u.test(text) && /^\p{Ll}/u.test(line.text)) return text.slice(0, -1) + line.text;
    return text + (isCjk(text.slice(-1)) && isCjk(line.text.charAt(0)) ? '' : ' ') + line.text;
  }, '');
}
