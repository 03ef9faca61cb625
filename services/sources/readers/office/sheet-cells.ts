/** Reads the visible cells of one sheet of a workbook. */
import { foldSpace } from '../../text/fold-space.ts';
import type { TextBudget } from '../text-budget.ts';
import type { NumberText } from './number-text.ts';
import { createRichText, decodeEscapes } from './shared-strings.ts';
import { walkXml } from './xml-parts.ts';

export type Cell = {
  /** Never empty, on one line. */
  readonly text: string;
  /** False: a number, a date, a truth value. */
  readonly isText: boolean;
};
export type Row = {
  /** From 1. */
  readonly number: number;
  /** By column, from 1, ascending; empty cells are absent. */
  readonly cells: Map<number, Cell>;
};
/** Both ends are within. */
export type Range = { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };
export type Sheet = {
  /** Those that are not empty, ascending. */
  readonly rows: readonly Row[];
  readonly merged: readonly Range[];
  /** Rows under a filter or frozen above the others: names of the columns. */
  readonly headerRows: ReadonlySet<number>;
  /** Cells that are hidden with their row or column. */
  readonly hidden: number;
  /** Formulas whose result is not saved. */
  readonly unsaved: number;
};

/** As many as a sheet can have. */
const mostColumns = 16_384;

export type WorkbookTexts = { readonly shared: readonly string[]; readonly numberText: NumberText };

/** @throws {SourceError} */
export async function readSheet(
  bytes: Uint8Array,
  { shared, numberText }: WorkbookTexts,
  { spendCell }: TextBudget,
): Promise<Sheet> {
  const rows: Row[] = [];
  const merged: Range[] = [];
  const headerRows = new Set<number>();
  const hiddenColumns = new Uint8Array(mostColumns + 1);
  const inline = createRichText();
  let row: Row = { number: 0, cells: new Map() };
  let rowHidden = false;
  let cell = { column: 0, type: 'n', style: 0 };
  let value = '';
  let isValue = false;
  let hasValue = false;
  let hasFormula = false;
  let hidden = 0;
  let unsaved = 0;

  function open(name: string, attributes: Readonly<Record<string, string | undefined>>): void {
    inline.open(name);
    if (name === 'c') {
      const column = columnOf(attributes.r) ?? cell.column + 1;
      cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0) };
      value = '';
      hasValue = false;
      hasFormula = false;
      inline.take();
    } else if (name === 'f') hasFormula = true;
    else if (name === 'v') {
      isValue = true;
      hasValue = true;
    } else if (name === 'row') {
      row = { number: Number(attributes.r ?? row.number + 1), cells: new Map() };
      rowHidden = isTrue(attributes.hidden);
      cell = { ...cell, column: 0 };
    } else if (name === 'col' && isTrue(attributes.hidden)) {
      hiddenColumns.fill(1, Number(attributes.min), Number(attributes.max) + 1);
    } else if (name === 'mergeCell') {
      const range = rangeOf(attributes.ref);
      if (range === null) return;
      spendCell('');
      merged.push(range);
    } else if (name === 'autoFilter') {
      const range = rangeOf(attributes.ref);
      if (range !== null) headerRows.add(range.top);
    } else if (name === 'pane' && attributes.state?.startsWith('frozen') && attributes.ySplit !== undefined) {
      headerRows.add(Number(attributes.ySplit));
    }
  }

  function close(name: string): void {
    inline.close(name);
    if (name === 'v') isValue = false;
    else if (name === 'c') keepCell();
    else if (name === 'row' && row.cells.size > 0 && !rowHidden) rows.push(row);
  }

  function keepCell(): void {
    const read = textOf();
    if (rowHidden || hiddenColumns[cell.column] === 1) {
      if (read.text !== '') hidden++;
      return;
    }
    if (hasFormula && !hasValue) unsaved++;
    // A row is one line, so the lines of a cell stand side by side.
    const text = /\s/.test(read.text) ? foldSpace(read.text.replace(/[\r\n]+/g, ' ')) : read.text;
    if (text === '') return;
    spendCell(text);
    row.cells.set(cell.column, { text, isText: read.isText });
  }

  function textOf(): Cell {
    const { type, style } = cell;
    if (type === 'inlineStr') return { text: inline.take(), isText: true };
    if (type === 's') return { text: shared[Number(value)] ?? '', isText: true };
    if (type === 'str') return { text: decodeEscapes(value), isText: true };
    if (type === 'b') return { text: value.trim() === '1' ? 'TRUE' : 'FALSE', isText: false };
    if (type === 'd') return { text: value.replace(/T00:00:00(\.0+)?Z?$/, ''), isText: false };
    // The error of a formula is no text.
    if (type === 'e' || value.trim() === '') return { text: '', isText: false };
    return { text: numberText(value.trim(), style), isText: false };
  }

  await walkXml(bytes, {
    open,
    close,
    text(part) {
      if (isValue) value += part;
      else inline.text(part);
    },
  });
  // A few writers do not keep the order of the rows.
  rows.sort((a, b) => a.number - b.number);
  return { rows, merged, headerRows, hidden, unsaved };
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** `BC23` → 55; null: it is no reference. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^\$?([A-Z]{1,3})(?=\$?\d*$)/.exec(reference?.toUpperCase() ?? '')?.[1];
  if (letters === undefined) return null;
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0);
}

/** `B2:D7` → its ends; null: it is no range. */
export function rangeOf(reference: string | undefined): Range | null {
  const [from = '', to = from] = (reference ?? '').replaceAll('$', '').split(':');
  const left = columnOf(from);
  const right = columnOf(to);
  const top = Number(/\d+$/.exec(from)?.[0]);
  const bottom = Number(/\d+$/.exec(to)?.[0]);
  return left === null || right === null || !(top > 0) || !(bottom >= top) ? null : { top, left, bottom, right };
}
