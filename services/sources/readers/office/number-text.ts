/** Formats the numbers of cells as a spreadsheet shows them: dates, percentages, amounts. */
import { format, isDateFormat } from 'numfmt';
import { elementsNamed } from '../xml-elements.ts';
import { parsePart } from './xml-parts.ts';

/**
 * @param value as it stands in the file
 * @param style its index in the workbook's list of styles
 */
export type NumberText = (value: string, style: number) => string;

/** Days between the two date systems; files from old Macintoshes use the second. */
const daysTo1904 = 1_462;

/** The longest pattern that a spreadsheet accepts. Longer ones take seconds for each number. */
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

/** A spreadsheet keeps fifteen digits: 0.1 + 0.2 is 0.3. */
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
 * The patterns that have numbers alone (ECMA-376, part 1, 18.8.30). The display of dates among them
 * depends on the user's country, which is unknown here; 27 to 36 and 50 to 58 are dates in East Asian files.
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
