import { expect, test } from 'vitest';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { citeAnswer } from '../chat/citations/cite.ts';
import type { PastTurn } from '../chat/turn.ts';
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

async function ask(query: string, found = passages, history: readonly PastTurn[] = []) {
  const deltas: string[] = [];
  const signal = new AbortController().signal;
  const onDelta = (text: string) => deltas.push(text);
  const generation = await generateExtractively({ query, history, passages: found, signal, onDelta });
  return { ...generation, deltas, cited: citeAnswer(generation, found, new Date(0), query) };
}

test.each([
  ['What is the main area?', 'The main area comprises the distribution.[1]'],
  ['引用率とは何ですか', '引用率とは、有効な引用を持つ回答の割合です[12]。[2]'],
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

test('what a thing is comes before what is said about it, whatever the rank of the passage', async () => {
  const { text } = await ask('What is RAG?', [
    retrievedPassage(1, 'RAG is used for three reasons. The first is RAG itself.'),
    retrievedPassage(2, 'RAG does not make a model truthful.'),
    retrievedPassage(3, 'Retrieval-augmented generation (RAG) is a way of answering. It reads first, then writes.'),
  ]);
  expect(text).toMatch(/^Retrieval-augmented generation \(RAG\) is a way of answering\.\[3\] It reads first/);
});

test.each([
  ['What does it cost?', 'An answer may be unpriced. Its cost is then unknown.', 'An answer may be unpriced.'],
  ['費用がわからない回答は', '価格表にない回答があります。その費用はわかりません。', '価格表にない回答があります。'],
])('%s: a sentence that leans on the one before brings it along', async (query, source, before) => {
  const { text } = await ask(query, [retrievedPassage(1, source)]);
  expect(text.startsWith(before)).toBe(true);
});

test('a passage whose heading asks the question answers it, though its sentences use other words', async () => {
  const { text } = await ask('How do I delete my data?', [
    retrievedPassage(1, 'Send a request with your token. You get a receipt.', { heading: 'How do I delete my data?' }),
    retrievedPassage(2, 'Silence is shown as no data.'),
  ]);
  expect(text).toBe('Send a request with your token.[1] You get a receipt.[1]');
});

test.each([
  ['What is P95?', /^P95 latency is a time\.\[2\]$/],
  ['P95とは', /^P95とは時間です。\[1\]$/],
])('%s is answered in its own language, whichever passage ranks first', async (query, expected) => {
  const both = [retrievedPassage(1, 'P95とは時間です。'), retrievedPassage(2, 'P95 latency is a time.', { rank: 0.9 })];
  expect((await ask(query, both)).text).toMatch(expected);
});

test('a question is answered in the other language where its own has nothing', async () => {
  expect((await ask('P95?', [retrievedPassage(1, 'P95とは時間です。')])).text).toBe('P95とは時間です。[1]');
});

test('a follow-up is read together with the question before it', async () => {
  const history = [{ query: 'How long are logs kept?', answer: 'For 30 days.' }];
  expect((await ask('and what deletes them?', passages, history)).text).toContain(
    'the nightly job deletes the logs.[3]',
  );
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
  const many = kinds.map((kind, i) => retrievedPassage(i + 1, `One area holds ${kind}.`, { rank: 7 - i / 10 }));
  const { cited } = await ask('Which area holds what?', many);
  expect(cited.citations).toHaveLength(4);
});

test('a reference mark of the source stays in the quotation and is no citation', async () => {
  const { cited } = await ask('引用率とは');
  expect(cited.answer).toContain('割合です[12]。[');
  expect(cited.citations).toHaveLength(new Set(cited.citations.map(({ excerpt }) => excerpt)).size);
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
])('where %s there is no text, and the reply says so', async (_case, query, found) => {
  const { text, cited } = await ask(query, found);
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
