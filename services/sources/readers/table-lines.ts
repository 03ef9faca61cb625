/** Rows of a table with merged cells → lines: each value under the names of its own columns. */

export type TableCell = {
  readonly text: string;
  readonly isHeading: boolean;
  readonly isBold: boolean;
  /** How many columns and rows it spans. */
  readonly columns: number;
  readonly rows: number;
};
export type TableRow = { readonly cells: readonly TableCell[]; readonly isHead: boolean };

/** Column by column; a merged cell stands in each column and row that it spans. */
type GridRow = { readonly cells: readonly (TableCell | null)[]; readonly isHead: boolean; readonly own: number };

/** No honest table is wider. */
const mostColumns = 1_000;
const longestName = 60;

export function tableLines(rows: readonly TableRow[]): readonly string[] {
  const grid = gridOf(rows);
  const width = Math.max(0, ...grid.map(({ cells }) => cells.length));
  const lines: string[] = [];
  let names: readonly string[] | null = null;
  let namesRow = -1;
  let isNamed = true;
  let group = '';
  let lead = '';
  for (const [at, row] of grid.entries()) {
    const filled = [...new Set(row.cells)].filter((cell) => cell !== null && cell.text !== '') as TableCell[];
    if (filled.length === 0) continue;
    const [only] = filled;
    if (filled.length === 1 && row.own > 0 && only !== undefined && width > 1 && at < grid.length - 1) {
      if (only.columns > 1 && only.columns >= width && only.text.length <= longestName) {
        // A title over the whole table, or the name of the group of rows below it.
        group = at === 0 ? '' : only.text;
        lines.push(only.text);
        continue;
      }
      if (only.isHeading && names === null && !row.isHead) {
        lead = only.text;
        continue;
      }
    }
    if (
      isHeader(row, filled) ||
      (namesRow === at - 1 && isSubheader(grid, at)) ||
      (names === null && namesRow < 0 && looksLikeHeader(grid, at, width))
    ) {
      names = names !== null && namesRow === at - 1 ? joined(names, textsOf(row, width)) : textsOf(row, width);
      namesRow = at;
      group = '';
      isNamed = false;
      continue;
    }
    // By themselves too: the name of the first column stands in no row.
    if (names !== null && !isNamed && names[0])
      lines.push([...new Set(names)].filter((name) => name !== '').join(' | '));
    isNamed = true;
    if (namesRow < 0) namesRow = Number.NEGATIVE_INFINITY;
    const line = lineOf(row, names, width);
    const whole = group === '' ? line : `${group} | ${line}`;
    lines.push(lead === '' ? whole : `${lead}: ${whole}`);
    lead = '';
  }
  if (lines.length === 0 && names !== null) lines.push(rowText(names, null));
  return lines;
}

function gridOf(rows: readonly TableRow[]): readonly GridRow[] {
  const spanning = new Map<number, { cell: TableCell; left: number }>();
  return rows.map(({ cells, isHead }) => {
    const placed: (TableCell | null)[] = [];
    const take = (): boolean => {
      const above = spanning.get(placed.length);
      if (above === undefined) return false;
      if (--above.left === 0) spanning.delete(placed.length);
      placed.push(above.cell);
      return true;
    };
    for (const cell of cells) {
      while (placed.length < mostColumns && take());
      for (let column = 0; column < cell.columns && placed.length < mostColumns; column++) {
        if (cell.rows > 1) spanning.set(placed.length, { cell, left: cell.rows - 1 });
        placed.push(cell);
      }
    }
    const last = Math.max(-1, ...spanning.keys());
    while (placed.length <= last) if (!take()) placed.push(null);
    return { cells: placed, isHead, own: cells.length };
  });
}

function isHeader({ isHead, cells }: GridRow, filled: readonly TableCell[]): boolean {
  if (cells.length < 2) return false;
  return isHead || (filled.length > 1 && filled.every((cell) => cell.isHeading));
}

/** The lower names of a header whose upper names span several columns, beside names that go on downwards. */
function isSubheader(grid: readonly GridRow[], at: number): boolean {
  const above = grid[at - 1]?.cells ?? [];
  const cells = grid[at]?.cells ?? [];
  const goesOn = cells.some((cell, column) => cell !== null && cell === above[column]);
  return goesOn && above.some((cell) => cell !== null && cell.columns > 1) && at < grid.length - 1;
}

/** The first row of a table that marks no headers: bold throughout, or texts over columns of numbers. */
function looksLikeHeader(grid: readonly GridRow[], at: number, width: number): boolean {
  const row = grid[at];
  if (row === undefined || width < 2 || grid.length - at < 2 || row.cells.length < width) return false;
  const cells = row.cells;
  const named = cells.filter((cell) => cell !== null && cell.text !== '') as TableCell[];
  // An empty corner is usual; other columns have names.
  if (cells.slice(1).some((cell) => cell === null || cell.text === '')) return false;
  if (named.some(({ text }) => text.length > longestName || /[。.!?！？]$|^[\d.,%¥$€\s-]+$/.test(text))) return false;
  if (named.every(({ isBold, isHeading }) => isBold || isHeading) && (named.length > 1 || width > 2)) return true;
  if (width < 3 || grid.length - at < 3) return false;
  return cells.some((cell, column) => {
    if (column === 0 || cell === null || /\d/.test(cell.text)) return false;
    const below = grid.slice(at + 1).map((each) => each.cells[column]?.text ?? '');
    return below.some((text) => text !== '') && below.every((text) => text === '' || /\d/.test(text));
  });
}

function textsOf({ cells }: GridRow, width: number): readonly string[] {
  return Array.from({ length: width }, (_, column) => cells[column]?.text ?? '');
}

function joined(above: readonly string[], below: readonly string[]): readonly string[] {
  return below.map((text, column) => {
    const over = above[column] ?? '';
    return over === '' || over === text ? text : text === '' ? over : `${over} ${text}`;
  });
}

/** A cell that spans several columns is one value under all their names. */
function lineOf({ cells }: GridRow, names: readonly string[] | null, width: number): string {
  const values: string[] = [];
  const headers: string[] = [];
  for (let column = 0; column < Math.max(width, cells.length); column++) {
    const cell = cells[column] ?? null;
    const name = names?.[column] ?? '';
    if (cell !== null && column > 0 && cell === cells[column - 1]) {
      const last = headers.length - 1;
      const before = headers[last] ?? '';
      if (name !== '' && last > 0 && !before.split(' / ').includes(name)) {
        headers[last] = before === '' ? name : `${before} / ${name}`;
      }
      continue;
    }
    values.push(cell?.text ?? '');
    headers.push(name);
  }
  const isPair = names === null && width === 2 && values.length === 2;
  return rowText(isPair ? values : names === null ? values.filter((text) => text !== '') : values, names && headers);
}

/** @param headers names of the columns, empty for a column without one; null where the table has none */
export function rowText(cells: readonly string[], headers: readonly string[] | null): string {
  if (headers !== null && headers.length === cells.length) {
    // The first cell is the subject of the row and needs no name.
    return cells
      .map((cell, at) => (cell === '' || at === 0 || !headers[at] ? cell : `${headers[at]}: ${cell}`))
      .filter((cell) => cell !== '')
      .join(' | ');
  }
  const filled = cells.filter((cell) => cell !== '');
  return filled.length === 2 && filled[0] !== undefined && filled[0].length <= 60 && cells.length === 2
    ? `${filled[0]}: ${filled[1]}`
    : filled.join(' | ');
}
