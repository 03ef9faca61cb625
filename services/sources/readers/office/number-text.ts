/** Numbers of cells as a spreadsheet shows them: dates, percentages, amounts, by the format of their style. */
import { format, isDateFormat } from 'numfmt';
import { elementsNamed } from '../xml-elements.ts';
import { parsePart } from './xml-parts.ts';

/**
 * @param value as it stands in the file
 * @param style its index in the workbook's list of styles
 */
export type NumberText = (value: string, style: number) => string;

/** Days between the two ways of counting, of which files from old Macintoshes have the second. */
const daysTo1904 = 1_462;

/** What a spreadsheet takes. Longer ones take seconds for each number. */
const longestPattern = 255;

/** @param styles the part; null: the workbook has none */
export function createNumberText(styles: Uint8Array | null, { from1904 }: { from1904: boolean }): NumberText {
  const patterns = styles === null ? [] : patternsOf(styles);
  return (value, style) => {
    const pattern = patterns[style] ?? 'General';
    if (/^general$/i.test(pattern) || pattern.length > longestPattern) return plain(value);
    const number = Number(value);
    if (!Number.isFinite(number)) return value;
    try {
      return format(pattern, from1904 && isDateFormat(pattern) ? number + daysTo1904 : number);
    } catch {
      return plain(value);
    }
  };
}

/** Fifteen digits are what a spreadsheet keeps: 0.1 + 0.2 is 0.3. */
function plain(value: string): string {
  if (value.length <= 15 && /^-?\d+(\.\d+)?$/.test(value)) return value;
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(15))) : value;
}

/** By the index of the style. */
function patternsOf(styles: Uint8Array): readonly string[] {
  const document = parsePart(styles);
  const own = new Map(
    elementsNamed(document, 'numFmt').map(({ attributes }) => [
      attributes.numFmtId,
      attributes.formatCode ?? 'General',
    ]),
  );
  const [list] = elementsNamed(document, 'cellXfs');
  if (list === undefined) return [];
  return elementsNamed(list, 'xf').map(
    ({ attributes: { numFmtId = '0' } }) => own.get(numFmtId) ?? patternOf(numFmtId),
  );
}

/**
 * The patterns that have numbers alone (ECMA-376, part 1, 18.8.30). Dates among them are shown as the reader's country writes
 * them, which is not known here; those of 27 to 36 and 50 to 58 are dates in the files of East Asia.
 */
const builtIn: Readonly<Record<string, string | undefined>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  32: 'h:mm:ss',
  33: 'h:mm:ss',
  37: '#,##0_);(#,##0)',
  38: '#,##0_);(#,##0)',
  39: '#,##0.00_);(#,##0.00)',
  40: '#,##0.00_);(#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
};

function patternOf(id: string): string {
  const number = Number(id);
  const isDate = (14 <= number && number <= 17) || (27 <= number && number <= 36) || (50 <= number && number <= 58);
  return builtIn[id] ?? (isDate ? 'yyyy-mm-dd' : 'General');
}
