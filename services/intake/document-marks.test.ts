import { expect, test } from 'vitest';
import { numberDocumentMarks } from './document-marks.ts';
import type { ExternalDocument } from './external-turn.ts';

const document = (values: Partial<ExternalDocument>): ExternalDocument => ({
  id: null,
  text: null,
  url: null,
  title: null,
  license: null,
  score: null,
  ...values,
});
const documents = [
  document({ id: 'policy-returns', title: '返品規約', url: 'https://shop.example/help/returns.html?lang=ja' }),
  document({ id: '7a9', title: 'Shipping', url: 'https://shop.example/help/shipping/' }),
  document({ id: 'policy-returns-2', title: '返品規約' }),
];

test.each([
  ['Within 14 days [policy-returns].', 'Within 14 days [1].'],
  ['Within 14 days [Policy-Returns#2].', 'Within 14 days [1].'],
  ['Within 14 days [policy-returns, 7a9].', 'Within 14 days [1][2].'],
  ['Within 14 days 【返品規約】。', 'Within 14 days [1]。'],
  ['Within 14 days [returns.html].', 'Within 14 days [1].'],
  ['Within 14 days <source id="7a9">.', 'Within 14 days [2].'],
  ['Within 14 days <cite id="7a9"></cite>.', 'Within 14 days [2].'],
  ['Within 14 days (source: Shipping).', 'Within 14 days [2].'],
  ['Within 14 days [https://shop.example/help/shipping].', 'Within 14 days [2].'],
  ['See [Shipping](https://shop.example/help/shipping).', 'See [Shipping](https://shop.example/help/shipping)[2].'],
  ['Within 14 days [3](https://shop.example/help/shipping/).', 'Within 14 days [2].'],
])('a mark that names a document becomes its number: %s', (written, numbered) => {
  expect(numberDocumentMarks(written, documents)).toBe(numbered);
});

test.each([
  'Within 14 days [1].',
  'Within 14 days [1, 2].',
  'Within 14 days [9].',
  'An array is written [a, b] or [x].',
  'A link to [elsewhere](https://other.example/shipping).',
  '- [ ] a task',
  'Some <b>markup</b> and <img src="x">.',
  'A text (see the source: code).',
  'Within 14 days [policy-returns, unknown].',
])('what names no document stays letter for letter: %s', (written) => {
  expect(numberDocumentMarks(written, documents)).toBe(written);
});

test('without documents nothing is a mark, and long brackets take no long time', () => {
  expect(numberDocumentMarks('Within 14 days [policy-returns].', [])).toBe('Within 14 days [policy-returns].');
  const hostile = `${'['.repeat(50_000)}${'<source id='.repeat(20_000)}${'(source:'.repeat(20_000)}`;
  expect(numberDocumentMarks(hostile, documents)).toBe(hostile);
});
