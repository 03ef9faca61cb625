/** CSV and its relatives with semicolons or tabs → lines, each value under the name of its column. */
import { parse } from 'csv-parse/sync';
import { SourceError } from '../source-error.ts';
import type { Block, Extracted } from '../text/block.ts';
import { foldSpace } from '../text/fold-space.ts';
import type { Row } from './office/sheet-cells.ts';
import { sheetLines } from './office/sheet-lines.ts';
import { createTextBudget } from './text-budget.ts';

/** @throws {SourceError} where its quotes do not close */
export function readCsv(text: string): Extracted {
  const budget = createTextBudget();
  const rows: Row[] = [];
  for (const [at, record] of records(text).entries()) {
    const cells: Row['cells'] = new Map();
    for (const [column, value] of record.entries()) {
      const cell = foldSpace(value.replace(/[\r\n]+/g, ' '));
      if (cell === '') continue;
      budget.spendCell(cell);
      cells.set(column + 1, {
        text: cell,
        isText: !/^[-+]?[¥$€£]?\d[\d,. ]*%?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/.test(cell),
      });
    }
    if (cells.size > 0) rows.push({ number: at + 1, cells });
  }
  const blocks: Block[] = [];
  const headerRows = new Set(rows[0] === undefined ? [] : [rows[0].number]);
  for (const line of sheetLines({ rows, merged: [], headerRows }, budget)) {
    blocks.push({ kind: 'item', text: line, page: null });
  }
  return { title: null, blocks };
}

function records(text: string): readonly (readonly string[])[] {
  try {
    return parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 1_000_000,
    });
  } catch (error) {
    const line = error instanceof Error && 'lines' in error ? ` near line ${error.lines}` : '';
    throw new SourceError(`is not valid CSV: a quoted value does not end${line}`, { cause: error });
  }
}

/** The sign that the first lines hold most. */
function delimiterOf(text: string): string {
  const head = text
    .slice(0, 4_000)
    .split('\n')
    .slice(0, 5)
    .join('\n')
    .replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((sign) => [sign, head.split(sign).length] as const);
  return counts.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ',';
}
