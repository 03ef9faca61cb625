/** Tables of reStructuredText, drawn with `+--+` or with `====`, → tables of Markdown. */

/** @returns the table's lines, and the line after it */
export function rstTable(
  lines: readonly string[],
  at: number,
): { readonly lines: readonly string[]; readonly end: number } {
  const first = lines[at]?.trim() ?? '';
  return first.startsWith('+') ? gridTable(lines, at) : simpleTable(lines, at);
}

function gridTable(lines: readonly string[], at: number) {
  let end = at;
  while (/^\s*[+|].*[+|]$/.test(lines[end] ?? '')) end++;
  const rows: string[][] = [];
  let open: string[] | null = null;
  for (const line of lines.slice(at, end).map((each) => each.trim())) {
    if (/^\+[-=+]+\+$/.test(line)) {
      if (open) rows.push(open);
      open = null;
      continue;
    }
    const cells = line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
    open = open === null ? cells : cells.map((cell, column) => `${open?.[column] ?? ''} ${cell}`.trim());
  }
  return { lines: markdown(rows), end };
}

function simpleTable(lines: readonly string[], at: number) {
  const ruler = lines[at] ?? '';
  const columns = [...ruler.matchAll(/=+/g)].map(({ index }) => index);
  const rows: string[][] = [];
  let end = at + 1;
  let rules = 1;
  for (; end < lines.length && rules < 3; end++) {
    const line = lines[end] ?? '';
    if (/^\s*={2,}(?: +={2,})*$/.test(line)) {
      rules++;
      // The second rule ends the table, unless rows follow it without a gap: then it ends the header.
      if (rules === 2 && (lines[end + 1] ?? '').trim() === '') {
        end++;
        break;
      }
      continue;
    }
    if (line.trim() === '' || /^\s*-[- ]+$/.test(line)) continue;
    const cells = columns.map((from, column) => line.slice(from, columns[column + 1]).trim());
    const last = rows.at(-1);
    if (cells[0] === '' && last)
      for (const [column, cell] of cells.entries()) last[column] = `${last[column]} ${cell}`.trim();
    else rows.push(cells);
  }
  return { lines: markdown(rows), end };
}

function markdown(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = rows;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...body.map(row)];
}
