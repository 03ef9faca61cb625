import { expect, test } from 'vitest';
import { findMarks, type NumberedPassages, withoutMarks } from './marks.ts';

const twelve: NumberedPassages = { count: 12, texts: [] };
const numbers = (text: string, passages = twelve) => findMarks(text, passages).map((mark) => mark.numbers);

test.each([
  ['Kept for 30 days [1].', [[1]]],
  ['Kept [1][3].', [[1], [3]]],
  ['Kept [1, 3; 5].', [[1, 3, 5]]],
  ['Kept [2-4].', [[2, 3, 4]]],
  ['Kept [1, 3–5].', [[1, 3, 4, 5]]],
  ['Kept [1 and 2].', [[1, 2]]],
  ['Kept [1, 2, and 3].', [[1, 2, 3]]],
  ['Kept [1 & 2].', [[1, 2]]],
  ['三十日です［１］。', [[1]]],
  ['三十日です【１２】。', [[12]]],
  ['三十日です［１、３〜４］。', [[1, 3, 4]]],
  ['三十日です[1と2]。', [[1, 2]]],
  ['三十日です【3†source】。', [[3]]],
  ['三十日です【1:0†source】。', [[1]]],
  ['三十日です【2†L3-L5】。', [[2]]],
  ['三十日です[出典2]。', [[2]]],
  ['三十日です（資料2）。', [[2]]],
  ['Kept [source 2, source 7].', [[2, 7]]],
  ['Kept [Passage 2].', [[2]]],
  ['Kept (passage 2).', [[2]]],
  ['Kept (Sources: 1 and 2).', [[1, 2]]],
  ['Kept [citation:1].', [[1]]],
  ['Kept [citation:1][citation:2].', [[1], [2]]],
  ['Kept [ref: 1, 2].', [[1, 2]]],
  ['Kept [^2].', [[2]]],
  ['Kept [#2].', [[2]]],
  ['Kept \\[1\\].', [[1]]],
  ['Kept [[1]].', [[1]]],
  ['Kept [1](#passage-1).', [[1]]],
  ['Kept [[1]](#p1).', [[1]]],
  ['Kept for 30 days¹.', [[1]]],
  ['Kept for 30 days.¹', [[1]]],
  ['Kept for 30 days.¹˒²', [[1, 2]]],
  ['Kept for 30 days<sup>1</sup>.', [[1]]],
  ['**Kept for 30 days [1]**', [[1]]],
  ['- Kept [1]\n- Deleted [2]', [[1], [2]]],
  ['the policy[7]. Next', [[7]]],
  ['Kept for 30 days.[1][2] Next', [[1], [2]]],
  ['Kept (for 30 days)[1].', [[1]]],
  ['Kept [citation:99].', [[99]]],
])('a mark is read in %s', (text, expected) => {
  expect(numbers(text)).toEqual(expected);
});

test.each([
  'The first is array[0].',
  'Set `rows[1]` to five.',
  '```js\nrows[1] += rows[2]\n```',
  'Set rows[1] = 5.',
  'Set rows[1].name first.',
  'print(x[1]) and print(names[1])',
  'The entry matrix[1][2] is zero.',
  'It is matrix[1][2].',
  'names[1] follows names[2].',
  'The interval [5, 10] and the list [7, 8, 9].',
  'The list [1, 2, 3] has three elements.',
  'It returns [1, 2].',
  'The vector [1, 2] and [3, 4] are orthogonal.',
  '[1, 2] + [3] == [1, 2, 3]',
  'リスト[1, 2, 3]を返します。',
  'Let $a_{[1]} = 2$ and \\(x[1] + x[2]\\) hold.',
  '\\[ x[1] = 3 \\]',
  'f(x)[1]',
  'The area is 5 m² and x² + y² = z².',
  'The power 10² and mc²',
  'x<sup>2</sup>',
  'See [1](https://example.org/a).',
  '- [x] done\n- [ ] open',
  'It was so in [2024] and gave [404].',
  'A number that no passage has [13].',
  '[1]: https://example.org/a',
  '[^1]: A note.',
  'Backwards [5-2].',
  'From none to all [1-99].',
  '【重要】 This is text.',
  'version1[2]b',
])('text is left alone: %s', (text) => {
  expect(numbers(text)).toEqual([]);
  expect(withoutMarks(text, findMarks(text, twelve))).toBe(text);
});

test('a bracket copied from a passage is text, and the mark behind it is one', () => {
  const passages = { count: 3, texts: ['As shown in [2, 3] the tide turns twice [1].', 'Other text.', ''] };
  expect(numbers('As shown in [2, 3] the tide turns twice [1]. [2]', passages)).toEqual([[2]]);
  expect(numbers('It says “the tide turns twice [1]” [1].', passages)).toEqual([[1]]);
  expect(numbers('The tide turns twice [1].', passages)).toEqual([[1]]);
});

test('removing marks removes the space before them', () => {
  const text = 'Kept for 30 days [1] [2]. 次です［３］。';
  expect(withoutMarks(text, findMarks(text, twelve))).toBe('Kept for 30 days. 次です。');
});

test('a list of separators without end is read once', () => {
  expect(numbers(`[1${', '.repeat(25_000)}`)).toEqual([]);
  expect(numbers(`[1${' '.repeat(50_000)}`)).toEqual([]);
});

test('each of thousands of marks is found', () => {
  expect(numbers('Kept for `30` days [1]. '.repeat(2_000))).toHaveLength(2_000);
});
