/** Values of a PDF form's fields, as pieces of text beside their labels. */
import type { PdfItem } from './page-texts.ts';

/** What pdf.js reports of an annotation, where it is used here. */
export type PdfAnnotation = {
  readonly subtype?: unknown;
  readonly fieldType?: unknown;
  readonly fieldValue?: unknown;
  readonly buttonValue?: unknown;
  readonly exportValue?: unknown;
  readonly checkBox?: unknown;
  readonly radioButton?: unknown;
  readonly hidden?: unknown;
  readonly rect?: unknown;
  readonly contentsObj?: unknown;
};

const formFont = 'form';

/** @returns the items with the values, each after the item that stands before it on its line, else above it */
export function withFormValues(items: readonly PdfItem[], annotations: readonly PdfAnnotation[]): readonly PdfItem[] {
  const values = annotations.flatMap(valueItems);
  if (values.length === 0) return items;
  const after = new Map<number, PdfItem[]>();
  for (const value of values) {
    const at = labelOf(items, value);
    after.set(at, [...(after.get(at) ?? []), value]);
  }
  const merged: PdfItem[] = [...(after.get(-1) ?? [])];
  for (const [at, item] of items.entries()) merged.push(item, ...(after.get(at) ?? []));
  return merged;
}

function valueItems(annotation: PdfAnnotation): readonly PdfItem[] {
  const { rect } = annotation;
  const text = shownValue(annotation);
  if (text === '' || !Array.isArray(rect) || annotation.hidden === true) return [];
  const [left, bottom, right, top] = rect.map(Number);
  if (left === undefined || bottom === undefined || right === undefined || top === undefined) return [];
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
  const height = (top - bottom) / Math.max(1, lines.length);
  const size = Math.min(10, Math.max(4, height * 0.7));
  return lines.map((line, at) => ({
    str: line,
    transform: [size, 0, 0, size, left, top - (at + 1) * height + (height - size) / 2 + size * 0.2],
    width: Math.min(right - left, line.length * size * 0.6),
    height: size,
    fontName: formFont,
  }));
}

function shownValue(annotation: PdfAnnotation): string {
  const { subtype, fieldType, fieldValue, contentsObj } = annotation;
  if (subtype === 'FreeText') return stringOf((contentsObj as { str?: unknown } | undefined)?.str);
  if (subtype !== 'Widget') return '';
  if (fieldType === 'Tx' || fieldType === 'Ch') {
    return Array.isArray(fieldValue) ? fieldValue.map(stringOf).join(', ') : stringOf(fieldValue);
  }
  if (fieldType !== 'Btn') return '';
  const own = annotation.radioButton === true ? annotation.buttonValue : annotation.exportValue;
  const isOn = stringOf(fieldValue) !== '' && fieldValue !== 'Off' && fieldValue === own;
  return isOn && (annotation.checkBox === true || annotation.radioButton === true) ? '☒' : '';
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** The index of the nearest item to the left on the same line, else of the lowest one above; -1: there is none. */
function labelOf(items: readonly PdfItem[], value: PdfItem): number {
  const [, , , size = 10, x = 0, y = 0] = value.transform;
  let beside = -1;
  let besideX = Number.NEGATIVE_INFINITY;
  let above = -1;
  let aboveY = Number.POSITIVE_INFINITY;
  for (const [at, { str, transform }] of items.entries()) {
    if (str.trim() === '') continue;
    const itemX = transform[4] ?? 0;
    const itemY = transform[5] ?? 0;
    if (Math.abs(itemY - y) < size && itemX <= x && itemX > besideX) {
      beside = at;
      besideX = itemX;
    } else if (itemY > y && itemY <= aboveY) {
      above = at;
      aboveY = itemY;
    }
  }
  return beside >= 0 ? beside : above;
}
