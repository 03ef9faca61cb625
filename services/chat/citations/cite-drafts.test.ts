import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retrievedPassage } from '../../../test/kit/data/retrieved-passage.ts';
import { citeAnswer } from './cite.ts';
import { citeDrafts } from './cite-drafts.ts';

const passages = [
  retrievedPassage(1, 'RAG looks things up before it answers. It needs an index.'),
  retrievedPassage(2, '検索拡張生成は、回答の前に資料を検索します。索引が必要です。'),
];
const at = new Date('2026-03-07T04:05:06.789Z');
const query = 'What is RAG?';

function streamed(pieces: readonly string[]) {
  const sent: string[] = [];
  const push = citeDrafts((text) => sent.push(text), passages, at, query);
  for (const piece of pieces) push(piece);
  return sent;
}

test('sentences are passed on with the marks of the final answer once they have ended', () => {
  const text =
    'It needs an index [1]. RAG looks things up before it answers [1]. 検索拡張生成は資料を検索します。[2]索引が必要です。[2]';
  const sent = streamed([...text]);
  expect(sent.slice(0, 2)).toEqual(['It needs an index [1].', ' RAG looks things up before it answers [2].']);
  expect(citeAnswer({ text }, passages, at, query).answer.startsWith(sent.join(''))).toBe(true);
});

test('a sentence that may begin a refusal, and code that is not closed, are held back', () => {
  expect(streamed(['The provided materials do not say this. ', 'B'])).toEqual([]);
  expect(streamed(['```\nx[1] = 7. ', 'Y = 3. Z'])).toEqual([]);
});

test('what is passed on is the beginning of the final answer, however the text is cut', () => {
  const sentence = fc.constantFrom(
    'RAG looks things up before it answers [1]. ',
    'It needs an index. [1][2] ',
    '索引が必要です。[2]',
    '検索拡張生成は資料を検索します[2]。',
    'Use x[1] there.\n\n',
    '- an item [1]\n',
  );
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const text = parts.join('');
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      const { answer } = citeAnswer({ text }, passages, at, query);
      expect(answer.startsWith(streamed(pieces).join(''))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test.each(['\n', '。', '. ', '[1]', '`', '- ', 'a'])(
  'a draft of nothing but %j is read in time that grows with its length',
  (unit) => {
    let reads = 0;
    const push = citeDrafts(() => (reads += 1), passages, at, query);
    const text = unit.repeat(Math.floor(20_000 / unit.length));
    for (let from = 0; from < text.length; from += 5) push(text.slice(from, from + 5));
    expect(reads).toBeLessThan(200);
  },
);
