import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ServiceFailure } from '../failure/service-failure.ts';
import { createChat, type Question, type Stages } from './flow.ts';
import type { RetrievedPassage } from './retrieve.ts';
import type { AnsweredTurn, Turn } from './turn.ts';

const passage: RetrievedPassage = {
  passageId: randomUUID(),
  contentId: randomUUID(),
  contentType: 'material',
  title: 'What RAG is',
  heading: '',
  text: 'RAG looks things up before it answers. It then cites what it found.',
  pageNumber: 7,
  startSeconds: null,
  paragraphIndex: 3,
  sourceUri: null,
  license: 'cc_by_nc',
  rank: 5.5,
};

function setup(stages: Partial<Stages> = {}) {
  const observed: Turn[] = [];
  const recorded: AnsweredTurn[] = [];
  const order: string[] = [];
  let ticks = 1_000;
  const disconnect = new AbortController();
  const chat = createChat({
    stages: {
      recall: async () => [],
      retrieve: async () => ({ passages: [passage], withheld: 2 }),
      generate: async () => ({
        text: 'RAG looks things up before it answers. [1]',
        model: 'small-model',
        finishReason: 'stop',
        temperature: 0.3,
        contextWindowSize: 8_192,
        usage: { promptTokens: 11, cachedPromptTokens: 5, completionTokens: 7, totalTokens: 18 },
        firstTokenAt: 1_017,
      }),
      record: async (turn) => {
        order.push('recorded');
        recorded.push(turn);
      },
      ...stages,
    },
    price: (model) => (model === 'small-model' ? 0.25 : null),
    score: () => ({ relevance: 0.83, quality: { answer_relevance: { value: 0.83, version: 'test-1' } } }),
    observe: (turn) => {
      order.push('observed');
      observed.push(turn);
    },
    clock: () => {
      ticks += 13;
      return ticks;
    },
    now: () => new Date('2026-03-07T04:05:06.789Z'),
    traceId: () => '0123456789abcdef0123456789abcdef',
  });
  const question: Question = {
    id: randomUUID(),
    sessionId: randomUUID(),
    sessionIsNew: false,
    query: 'What is RAG?',
    requester: { userId: randomUUID(), role: 'learner', groups: [], ip: '127.0.0.1', country: null },
    askedAt: new Date('2026-03-07T04:05:06.000Z'),
    signal: disconnect.signal,
  };
  return { chat, question, observed, recorded, order, disconnect };
}

test('an answer carries its citation, its price, its score and the licence of its source', async () => {
  const { chat, question, recorded } = setup();
  const turn = await chat(question);
  expect(turn).toMatchObject({
    outcome: 'answered',
    id: question.id,
    userId: question.requester.userId,
    answer: 'RAG looks things up before it answers. [1]',
    citations: [
      {
        source: expect.stringContaining('What RAG is'),
        pageNumber: 7,
        paragraphIndex: 3,
        valid: true,
        passageId: passage.passageId,
      },
    ],
    citationRate: 100,
    model: 'small-model',
    costJpy: 0.25,
    latencyMs: 13,
    timeToFirstTokenMs: 4,
    relevanceScore: 0.83,
    license: 'cc_by_nc',
    withheld: 2,
    traceId: '0123456789abcdef0123456789abcdef',
  });
  expect(recorded).toEqual([turn]);
});

test('a session that begins with the question has nothing to recall', async () => {
  const { chat, question } = setup({ recall: () => Promise.reject(new Error('recall must not run')) });
  expect(await chat({ ...question, sessionIsNew: true })).toMatchObject({ outcome: 'answered' });
});

test('a turn is observed only after its rows are durable', async () => {
  const { chat, question, order } = setup();
  await chat(question);
  expect(order).toEqual(['recorded', 'observed']);
});

test('a question without an answer in the materials is recorded as no_answer, without citations and licence', async () => {
  const { chat, question, recorded } = setup({
    generate: async () => ({
      text: '',
      model: 'small-model',
      finishReason: null,
      temperature: null,
      contextWindowSize: null,
      usage: null,
      firstTokenAt: null,
    }),
  });
  await chat({ ...question, query: 'パンの焼き方は？' });
  expect(recorded).toMatchObject([{ outcome: 'no_answer', citations: [], citationRate: 0, license: null }]);
  expect(recorded[0]?.answer).toMatch(/\p{Script=Hiragana}/u);
});

test.each([
  [
    'retrieve',
    { retrieve: () => Promise.reject(new ServiceFailure('database_unavailable', 'down')) },
    'database_unavailable',
  ],
  [
    'generate',
    { generate: () => Promise.reject(new ServiceFailure('model_unavailable', 'slow')) },
    'model_unavailable',
  ],
  ['record', { record: () => Promise.reject(new ServiceFailure('overloaded', 'full')) }, 'overloaded'],
  ['retrieve', { retrieve: () => Promise.reject(new TypeError('a bug')) }, 'internal'],
] as const)('a failure in %s is observed once, with its stage and code', async (stage, stages, code) => {
  const { chat, question, observed } = setup(stages);
  await expect(chat(question)).rejects.toMatchObject({ name: 'ServiceFailure', code });
  expect(observed).toEqual([expect.objectContaining({ outcome: 'failed', id: question.id, failure: { stage, code } })]);
  expect(JSON.stringify(observed)).not.toContain('What is RAG?');
});

test('a client that disconnects makes an aborted turn, whatever the stage threw', async () => {
  const { chat, question, observed, disconnect, recorded } = setup({
    generate: async () => {
      disconnect.abort();
      throw new Error('the connection was closed');
    },
  });
  await expect(chat(question)).rejects.toMatchObject({ code: 'cancelled' });
  expect(observed).toMatchObject([{ outcome: 'aborted', failure: { stage: 'generate', code: 'cancelled' } }]);
  expect(recorded).toEqual([]);
});

test('a greeting is answered without a search, and is neither an answer nor a question without one', async () => {
  const untouched = async () => Promise.reject(new Error('no stage is needed'));
  const { chat, question, recorded, observed } = setup({ retrieve: untouched, generate: untouched, recall: untouched });
  const drafts: string[] = [];
  const turn = await chat({ ...question, query: 'Thank you!', onDelta: (text) => drafts.push(text) });
  expect(turn).toMatchObject({
    outcome: 'chitchat',
    citations: [],
    citationRate: null,
    costJpy: 0,
    relevanceScore: null,
    model: 'chitchat',
  });
  expect(turn.answer).toContain('You are welcome');
  expect(drafts).toEqual([turn.answer]);
  expect(recorded).toEqual([turn]);
  expect(observed).toEqual([turn]);
});
