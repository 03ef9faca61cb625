import { expect, test } from 'vitest';
import { findMarks, withoutMarks } from './marks.ts';

const numbers = (text: string) => findMarks(text).map((mark) => mark.numbers);

test.each([
  ['Kept for 30 days [1].', [[1]]],
  ['Kept [1][3].', [[1], [3]]],
  ['Kept [1, 3; 5].', [[1, 3, 5]]],
  ['Kept [2-4].', [[2, 3, 4]]],
  ['Kept [1, 3–5].', [[1, 3, 4, 5]]],
  ['三十日です［１］。', [[1]]],
  ['三十日です【１２】。', [[12]]],
  ['三十日です［１、３〜４］。', [[1, 3, 4]]],
  ['三十日です【3†source】。', [[3]]],
  ['三十日です[出典2]。', [[2]]],
  ['Kept [source 2, source 7].', [[2, 7]]],
  ['Kept [Passage 2].', [[2]]],
  ['Kept [^2].', [[2]]],
  ['the policy[7]. Next', [[7]]],
])('a mark is read in %s', (text, expected) => {
  expect(numbers(text)).toEqual(expected);
});

test.each([
  'The first is array[0].',
  'Set `rows[1]` to five.',
  '```js\nrows[1] += rows[2]\n```',
  'Set rows[1] = 5.',
  'Set rows[1].name first.',
  'See [1](https://example.org/a).',
  '- [x] done\n- [ ] open',
  'It was so in [2024] and gave [404].',
  'Escaped \\[1\\].',
  '[1]: https://example.org/a',
  '[^1]: A note.',
  'Backwards [5-2].',
  'From none to all [1-99].',
  '【重要】 This is text.',
])('what merely looks like a mark is left alone: %s', (text) => {
  expect(numbers(text)).toEqual([]);
  expect(withoutMarks(text)).toBe(text);
});

test('taking marks out takes the space before them too', () => {
  expect(withoutMarks('Kept for 30 days [1] [2]. 次です［３］。')).toBe('Kept for 30 days. 次です。');
});
