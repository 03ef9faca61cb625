import { expect, test } from 'vitest';
import { createNumberText } from './number-text.ts';
import { readSharedStrings } from './shared-strings.ts';
import { readSheet } from './sheet-cells.ts';
import { createTextBudget, type TextBudget } from './text-budget.ts';

const texts = { shared: [], numberText: createNumberText(null, { from1904: false }) };
const times = (count: number, spend: () => void) => () => {
  for (let at = 0; at < count; at++) spend();
};

test('one file has its most, and not one more', () => {
  const { spendCell, spendShared, spendText } = createTextBudget();
  times(500_000, () => spendCell(''))();
  times(1_000_000, spendShared)();
  spendText('x'.repeat(10_000_000));
  expect(() => spendCell('')).toThrow('holds more than 500,000 filled cells; split it');
  expect(() => spendShared()).toThrow('holds more than 1,000,000 texts; split it');
  expect(() => spendText('x')).toThrow('holds more than 10,000,000 characters; split it');
});

test('cells, what is merged, and the texts that cells share are counted as they are read', async () => {
  const spent = { cells: 0, shared: 0, text: '' };
  const budget: TextBudget = {
    spendCell(text) {
      spent.cells++;
      spent.text += text;
    },
    spendShared: () => void spent.shared++,
    spendText() {},
  };
  await readSharedStrings(Buffer.from('<sst><si/><si><t>a</t></si><si/></sst>'), budget);
  const merged = '<mergeCell ref="A1:B2"/>'.repeat(5);
  const cells = '<row><c><v>7</v></c><c/><c><v>9</v></c></row>';
  await readSheet(
    Buffer.from(`<worksheet><sheetData>${cells}</sheetData><mergeCells>${merged}</mergeCells></worksheet>`),
    texts,
    budget,
  );
  expect(spent).toEqual({ cells: 7, shared: 3, text: '79' });
});
