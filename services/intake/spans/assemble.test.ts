import { expect, test } from 'vitest';
import { captureNames, spansOf } from '../../../test/intake/captures.ts';
import type { ExternalTurn } from '../external-turn.ts';
import { assembleTurns } from './assemble.ts';
import { groupOf } from './group.ts';
import type { LogEvent, Span } from './span.ts';

const question = '返品は何日以内にできますか。';
const answer = '返品は商品到着後30日以内に受け付けます[1]。返金は5営業日以内です[3]。';
const texts = [
  '返品は商品到着後30日以内に受け付けます。未使用品に限ります。',
  '送料は全国一律550円です。',
  'Refunds are paid within 5 business days to the original card.',
];
const urls = [
  'https://shop.example/policy/returns',
  'https://shop.example/policy/shipping',
  'https://shop.example/faq',
];
const ids = ['policy-returns#2', 'policy-shipping#1', 'faq-en#7'];

function turnsOf(spans: readonly Span[], logs: readonly LogEvent[]): readonly ExternalTurn[] {
  return [...Map.groupBy(spans, groupOf).values()]
    .flatMap((group) => assembleTurns('shop-assistant', group, logs))
    .map(({ turn }) => turn);
}

function turnOf(name: string): ExternalTurn {
  const { spans, logs } = spansOf(name);
  const turns = turnsOf(spans, logs);
  expect(turns).toHaveLength(1);
  return turns[0] as ExternalTurn;
}

const withDocuments = [
  'langfuse-langchain',
  'langfuse-openai-js',
  'mlflow-openai',
  'openinference-langchain',
  'openinference-llamaindex',
  'openlit-langchain',
  'openllmetry-langchain',
  'openllmetry-openai-js',
  'vercel-ai-7-retrieval',
];
const withoutTextOfDocuments = ['otel-genai-langchain', 'otel-genai-langchain-openai'];
const withoutRetrieval = ['vercel-ai-6', 'vercel-ai-7', 'vercel-ai-7-legacy'];
const failed = captureNames.filter((name) => name.endsWith('-error'));
const answered = [...withDocuments, ...withoutTextOfDocuments, ...withoutRetrieval];
const withoutAnswer = ['spring-ai', 'agento11y-langchain'];
const truncated = 'openinference-langchain-70-documents';
const ofAnotherQuestion = ['haystack', 'langsmith-langchain', 'pydantic-ai'];

test('every capture is of a group that is tested here', () => {
  expect([...answered, ...failed, ...withoutAnswer, ...ofAnotherQuestion, truncated].sort()).toEqual(captureNames);
});

test.each([...answered, truncated])('a turn of %s is recorded with its question and its answer', (name) => {
  expect(turnOf(name)).toMatchObject({ question, answer, error: null, service: 'shop-assistant' });
});

test.each(ofAnotherQuestion)('a turn of %s has its question, answer, documents and tokens', (name) => {
  const { documents, calls, ...turn } = turnOf(name);
  expect(turn).toMatchObject({ question: '未開封の商品はいつまで返品できますか？', dropped: [] });
  expect(turn.answer).toMatch(/^未開封の商品は.*\[1\].*\[3\]/);
  expect(documents?.map(({ id }) => id).sort()).toEqual(['policy-refunds', 'policy-returns', 'policy-shipping']);
  expect(documents?.every(({ text, url, title, license }) => text && url && title && license)).toBe(true);
  const sum = (count: 'prompt' | 'completion' | 'cached') =>
    (calls ?? []).reduce((total, { usage }) => total + (usage?.[count] ?? 0), 0);
  expect([sum('prompt'), sum('completion'), sum('cached')]).toEqual([187, 41, 64]);
});

test.each([...answered, ...withoutAnswer, truncated])(
  'a turn of %s counts the tokens of its one model call',
  (name) => {
    const knowsCached = name !== 'openllmetry-openai-js';
    expect(turnOf(name).calls).toEqual([
      {
        model: expect.stringMatching(/^gpt-4o-mini/),
        temperature: name === 'openinference-llamaindex' || name === 'spring-ai' ? null : 0.2,
        usage: expect.objectContaining({ prompt: 187, completion: 41, cached: knowsCached ? 64 : null }),
      },
    ]);
  },
);

test.each(withDocuments)('a turn of %s is recorded with the text and the address of its documents', (name) => {
  const { documents, dropped } = turnOf(name);
  expect(documents?.map(({ text }) => text)).toEqual(texts);
  expect(documents?.map(({ url }) => url)).toEqual(urls);
  expect(dropped).toEqual([]);
});

test.each(['langfuse-langchain', 'openinference-langchain', 'openinference-llamaindex', 'vercel-ai-7-retrieval'])(
  'a turn of %s is recorded with the ids, titles, licences and scores of its documents',
  (name) => {
    const documents = turnOf(name).documents ?? [];
    expect(documents.map(({ id }) => id)).toEqual(ids);
    expect(documents.map(({ title }) => title)).toEqual(['返品規約', '送料', 'FAQ']);
    expect(documents.map(({ license }) => license)).toEqual(['cc_by', 'cc_by', null]);
    expect(documents.map(({ score }) => score)).toEqual([0.83, 0.41, 0.37]);
  },
);

test.each(withoutTextOfDocuments)('a turn of %s knows its documents by id, without their text', (name) => {
  const { documents } = turnOf(name);
  expect(documents?.map(({ id, text }) => [id, text])).toEqual(ids.map((id) => [id, null]));
});

test.each([...withoutRetrieval, ...withoutAnswer])('a turn of %s has unknown documents, which is not none', (name) => {
  expect(turnOf(name).documents).toBeNull();
});

test.each(failed)('a failed turn of %s is a failure of its stage, with the status of the model', (name) => {
  const turn = turnOf(name);
  expect(turn).toMatchObject({ question, answer: null, error: { stage: 'generate' } });
  expect(turn.error?.type).toBe('500');
});

test.each([
  ['openinference-langchain', 'customer-4711', 'session-93'],
  ['langfuse-openai-js', 'customer-4711', 'session-93'],
  ['openllmetry-langchain', 'customer-4711', 'session-93'],
  ['vercel-ai-6', 'customer-4711', 'session-93'],
  ['vercel-ai-7-retrieval', 'customer-4711', 'session-93'],
  ['otel-genai-langchain', null, 'session-93'],
  ['spring-ai', null, 'session-93'],
  ['mlflow-openai', null, null],
])('a turn of %s belongs to user %s and session %s', (name, user, session) => {
  expect(turnOf(name)).toMatchObject({ user, session });
});

test('a turn whose retriever lost attributes says that documents were dropped', () => {
  expect(turnOf(truncated)).toMatchObject({ dropped: ['documents'], tenant: 'acme' });
});

test('a turn of Spring AI has a question, and no answer, because its spans carry none', () => {
  expect(turnOf('spring-ai')).toMatchObject({
    question,
    answer: null,
    error: null,
    outcome: 'answered',
    dropped: ['answer'],
  });
});

test('the latency is that of the turn and not of an inner call', () => {
  expect(turnOf('openinference-langchain').latencyMs).toBeCloseTo(93.067, 2);
  expect(turnOf('vercel-ai-7-retrieval').latencyMs).toBeCloseTo(192.1, 0);
  expect(turnOf('vercel-ai-7').firstTokenMs).toBeCloseTo(96, -1);
});

test.each(captureNames)('a turn of %s is the same as protobuf, in another order and twice', (name) => {
  const json = spansOf(name, 'json');
  const binary = spansOf(name, 'protobuf');
  expect(binary).toEqual(json);
  const expected = turnsOf(json.spans, json.logs);
  expect(turnsOf(json.spans.toReversed(), json.logs)).toEqual(expected);
  expect(turnsOf([...json.spans, ...json.spans], [...json.logs, ...json.logs])).toEqual(expected);
});
