/** The rows of a sheet → lines that can be read alone: each cell under the name of its column. */
import { rowText } from '../table-lines.ts';
import type { TextBudget } from '../text-budget.ts';
import type { Row, Sheet } from './sheet-cells.ts';

/** By column, ascending. */
type Headers = ReadonlyMap<number, string>;

/** Longer texts are sentences, which name no column. */
const longestName = 60;
const widestSpan = 100;
/** Rows that are examined to distinguish the names of columns from the first row of a list. */
const rowsLookedAt = 5;

export type SheetRows = Pick<Sheet, 'rows' | 'merged' | 'headerRows'>;

export function* sheetLines(sheet: SheetRows, { spendCell, spendText }: TextBudget): Generator<string> {
  fillMerged(sheet, spendCell);
  const { rows, headerRows } = sheet;
  const spans = spansOf(sheet);
  let headers: Headers | null = null;
  let before = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as Row;
    const begins = row.number !== before + 1;
    before = row.number;
    const isMarked = headerRows.has(row.number);
    const depth = headerDepth(rows, at, { isMarked, begins, headers, spans });
    let line: string;
    if (depth > 0) {
      headers = namesOf(rows.slice(at, at + depth), spans, depth > 1);
      at += depth - 1;
      before = rows[at]?.number ?? before;
      // Also a line by itself: the rows do not repeat the names of the first column and of empty ones.
      line = rowText([...headers.values()], null);
    } else {
      // Under an empty row, what stands beside the table is none of it.
      if (begins && [...row.cells.keys()].some((column) => !headers?.has(column))) headers = null;
      line = lineOf(row, begins && row.cells.size === 1 ? null : headers);
    }
    spendText(line);
    yield line;
  }
}

function lineOf({ cells }: Row, headers: Headers | null): string {
  if (headers === null) return rowText(textsOf(cells), null);
  // Columns without a cell give no text, but for the first: it says whether the row's first cell is what the row is about.
  const [first] = headers.keys();
  const columns = [...new Set([...(first === undefined ? [] : [first]), ...cells.keys()])].sort((a, b) => a - b);
  return rowText(
    columns.map((column) => cells.get(column)?.text ?? ''),
    columns.map((column) => headers.get(column) ?? ''),
  );
}

type Above = {
  /** Whether a filter, a frozen pane or a table says that this row names the columns. */
  readonly isMarked: boolean;
  /** Whether the row above it is empty. */
  readonly begins: boolean;
  readonly headers: Headers | null;
  readonly spans: ReadonlyMap<number, Spans>;
};

/** A header of more rows is hardly ever seen. */
const deepestHeader = 4;

/** How many rows from here name the columns; 0: this one is a row like others. */
function headerDepth(rows: readonly Row[], at: number, { isMarked, begins, headers, spans }: Above): number {
  const row = rows[at] as Row;
  if (rows[at + 1] === undefined || !areNames(row)) return 0;
  let depth = 1;
  // Names over several columns, merged or with empty cells beside them, whose own names follow.
  while (depth < deepestHeader) {
    const above = rows[at + depth - 1] as Row;
    const next = rows[at + depth];
    if (next === undefined || rows[at + depth + 1] === undefined || next.number !== above.number + 1) break;
    if (!areNames(next) || !(spans.has(above.number) || standsOver(above, next, rows[at + depth + 1]))) break;
    depth++;
  }
  const isUnique = new Set(namesOf(rows.slice(at, at + depth), spans, depth > 1).values());
  if (isUnique.size < (rows[at + depth - 1]?.cells.size ?? 0)) return 0;
  if (!isMarked && !looksLikeNames(rows, at, begins, headers) && depth === 1) return 0;
  return depth;
}

/** Fewer names than the row below has, each over the first of several, and numbers under that row. */
function standsOver(above: Row, names: Row, values: Row | undefined): boolean {
  if (above.cells.size < 2 || above.cells.size >= names.cells.size || values === undefined) return false;
  const hasNumbers = [...names.cells.keys()].some((column) => values.cells.get(column)?.isText === false);
  return hasNumbers && [...names.cells.values()].every(({ isText }) => isText);
}

function looksLikeNames(rows: readonly Row[], at: number, begins: boolean, headers: Headers | null): boolean {
  const row = rows[at] as Row;
  const { size } = row.cells;
  if (size < 2 || new Set([...row.cells.values()].map(({ text }) => text)).size < size) return false;
  const below = rows
    .slice(at + 1, at + 1 + rowsLookedAt)
    .filter(({ number }, index) => number === row.number + 1 + index);
  if (below.length === 0) return false;
  const holdNumbers = below.filter(({ cells }) =>
    [...row.cells.keys()].some((column) => cells.get(column)?.isText === false),
  );
  // A second table under the first; or a list of one thing and what it is, which needs no names.
  if (headers !== null) return begins && holdNumbers.length > 0;
  if (size === 2) return below.length > 1 && holdNumbers.length === below.length;
  return true;
}

/** Short texts or years. */
function areNames({ cells }: Row): boolean {
  return [...cells.values()].every(
    ({ text, isText }) => (isText || /^(19|20)\d\d$/.test(text)) && text.length <= longestName,
  );
}

/** @param spread whether a name also stands over the empty cells to its right, where the row below has names */
function namesOf(rows: readonly Row[], spans: ReadonlyMap<number, Spans>, spread: boolean): Headers {
  const names = new Map<number, string>();
  for (const [at, { number, cells }] of rows.entries()) {
    const own = new Map<number, string>();
    for (const [column, { text }] of cells) {
      const right = spans.get(number)?.get(column) ?? column;
      for (let each = column; each <= right; each++) own.set(each, text);
    }
    const below = rows[at + 1]?.cells;
    if (spread && below !== undefined && !spans.has(number)) {
      for (const column of [...below.keys()].sort((a, b) => a - b)) {
        const left = own.get(column - 1);
        if (!own.has(column) && left !== undefined) own.set(column, left);
      }
    }
    for (const [column, text] of own) {
      const above = names.get(column);
      names.set(column, above === undefined || above === text ? text : `${above} ${text}`);
    }
  }
  return new Map([...names].sort(([a], [b]) => a - b));
}

/** Of a row: the first column of what is merged in it, and the last. */
type Spans = ReadonlyMap<number, number>;

function spansOf({ merged }: SheetRows): ReadonlyMap<number, Spans> {
  const spans = new Map<number, Map<number, number>>();
  for (const { top, left, bottom, right } of merged) {
    if (bottom > top || right === left) continue;
    const row = spans.get(top) ?? new Map<number, number>();
    spans.set(top, row.set(left, Math.min(right, left + widestSpan)));
  }
  return spans;
}

/** A cell that is merged over several rows belongs to each of them. */
function fillMerged({ rows, merged }: SheetRows, spendCell: TextBudget['spendCell']): void {
  for (const { top, left, bottom } of merged) {
    if (bottom === top) continue;
    let at = firstFrom(rows, top);
    const first = rows[at];
    const cell = first?.number === top ? first.cells.get(left) : undefined;
    if (cell === undefined) continue;
    for (at++; at < rows.length; at++) {
      const row = rows[at] as Row;
      if (row.number > bottom) break;
      spendCell(cell.text);
      if (!row.cells.has(left)) row.cells.set(left, cell);
    }
  }
}

/** The index of the first row with that number or a higher one. */
function firstFrom(rows: readonly Row[], number: number): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle]?.number ?? number) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}

function textsOf(cells: Row['cells']): readonly string[] {
  return [...cells].sort(([a], [b]) => a - b).map(([, { text }]) => text);
}
