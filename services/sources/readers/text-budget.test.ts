import { expect, test } from 'vitest';
import { createNumberText } from './office/number-text.ts';
import { readSharedStrings } from './office/shared-strings.ts';
import { readSheet } from './office/sheet-cells.ts';
import { createTextBudget, type TextBudget } from './text-budget.ts';

const texts = { shared: [], numberText: createNumberText(null, { from1904: false }) };
const times = (count: number, spend: () => void) => () => {
  for (let at = 0; at < count; at++) spend();
};

test('a file may produce exactly the limits, and no more', () => {
  const { spendCell, spendShared, spendText } = createTextBudget();
  times(500_000, () => spendCell(''))();
  times(1_000_000, spendShared)();
  spendText('x'.repeat(10_000_000));
  expect(() => spendCell('')).toThrow('holds more than 500,000 filled cells; split it');
  expect(() => spendShared()).toThrow('holds more than 1,000,000 texts; split it');
  expect(() => spendText('x')).toThrow('holds more than 10,000,000 characters; split it');
});

test('cells, merged ranges and shared texts are counted while they are read', async () => {
  const spent = { cells: 0, shared: 0, text: '' };
  const budget: TextBudget = {
    spendCell(text) {
      spent.cells++;
      spent.text += text;
    },
    spendShared: () => void spent.shared++,
    spendText() {},
    spendBlocks() {},
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
