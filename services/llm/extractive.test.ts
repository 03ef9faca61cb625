import { expect, test } from 'vitest';
import { retrievedPassage } from '../../test/kit/retrieved-passage.ts';
import { citeAnswer } from '../chat/cite.ts';
import { generateExtractively } from './extractive.ts';

const passages = [
  retrievedPassage(
    1,
    'In the year 2000 the archive was divided. The archive is divided into areas. The main area comprises the distribution. Packages in the other areas are not part of the distribution.',
  ),
  retrievedPassage(
    2,
    'エラー率は別に数えます。引用率とは、有効な引用を持つ回答の割合です[12]。\n目標：\n- 70%以上\n65%を下回ると担当者に通知が届く',
  ),
  retrievedPassage(3, 'Logs are kept for 30 days. Afterwards the nightly job deletes the logs. See also'),
  retrievedPassage(4, 'The logs are kept for 30 days. A log is a record of what a program did.'),
];

async function ask(query: string, given = passages) {
  const deltas: string[] = [];
  const signal = new AbortController().signal;
  const onDelta = (text: string) => deltas.push(text);
  const generation = await generateExtractively({ query, history: [], passages: given, signal, onDelta });
  return { ...generation, deltas, cited: citeAnswer(generation, given, new Date(0), query) };
}

test.each([
  ['What is the main area?', 'The main area comprises the distribution.[1]'],
  ['引用率とは何ですか', '引用率とは、有効な引用を持つ回答の割合です。[2]'],
  ['What is a log?', 'A log is a record of what a program did.[4]'],
  ['通知が届くのはいつ？', '65%を下回ると担当者に通知が届く[2]'],
])('"%s" is answered by the sentence that says so, word for word, with its mark', async (query, sentence) => {
  const { text, cited } = await ask(query);
  expect(text).toContain(sentence);
  expect(cited).toMatchObject({ outcome: 'answered', citationRate: 100 });
  expect(cited.citations.every(({ valid, confidence }) => valid && confidence > 0.9)).toBe(true);
});

test('the same thing is not said twice, and sentences of a passage keep their order', async () => {
  const { text } = await ask('How long are logs kept, and what deletes the logs?');
  expect(text.match(/kept for 30 days/g)).toHaveLength(1);
  expect(text.indexOf('kept for 30 days')).toBeLessThan(text.indexOf('nightly job'));
});

test('headings, lead-ins and fragments are not quoted', async () => {
  const { text } = await ask('目標とログ see also');
  expect(text).not.toMatch(/目標：|See also/);
});

test('at most four sentences are quoted', async () => {
  const kinds = [
    'games for children',
    'fonts of Asia',
    'kernel sources',
    'mail servers',
    'drawing tools',
    'old manuals',
    'music players',
  ];
  const many = kinds.map((kind, i) => retrievedPassage(i + 1, `One area holds ${kind}.`));
  const { cited } = await ask('Which area holds what?', many);
  expect(cited.citations).toHaveLength(4);
});

test('a mark of the source itself is not taken for a citation', async () => {
  expect((await ask('引用率とは')).text).not.toContain('[12]');
});

test('the drafts put together are the answer', async () => {
  const { deltas, text } = await ask('How long are logs kept, and what deletes the logs?');
  expect(deltas.length).toBeGreaterThan(1);
  expect(deltas.join('')).toBe(text);
});

test.each([
  ['nothing in the passages relates', 'イルカはどう息をする？', passages],
  ['there are no passages', 'How long are logs kept?', []],
  ['the question says nothing', '？', passages],
])('where %s there is no text, and the reply says so', async (_case, query, given) => {
  const { text, cited } = await ask(query, given);
  expect(text).toBe('');
  expect(cited).toMatchObject({ outcome: 'no_answer', citations: [] });
});

test('it takes no tokens and says so', async () => {
  expect(await ask('What is a log?')).toMatchObject({
    model: 'extractive',
    temperature: null,
    usage: { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 },
    firstTokenAt: null,
  });
});
