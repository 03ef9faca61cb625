import { once } from 'node:events';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import type { QuestionEnd } from './count-questions.ts';

type Options = Parameters<typeof serveApp>[0];

/** A served app that resolves `next` with how the next question ended. */
async function counted(options: Options = {}) {
  const ends: QuestionEnd[] = [];
  let arrived = Promise.withResolvers<QuestionEnd>();
  let now = 0;
  const app = await serveApp({
    ...options,
    clock: () => now,
    measureQuestionEnd: (end) => {
      ends.push(end);
      arrived.resolve(end);
      arrived = Promise.withResolvers();
    },
  });
  const waitMs = (ms: number) => {
    now += ms;
  };
  return { app, next: () => arrived.promise, waitMs, ends };
}

async function ask(
  url: string,
  {
    path = '/api/ai/chat',
    body = { query: 'What is RAG?' } as object,
    signal = undefined as AbortSignal | undefined,
    signedIn = true,
  } = {},
) {
  const headers = signedIn ? await bearer() : {};
  return fetch(url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

test.each([
  ['an answer', {}, {}, 'served'],
  ['a streamed answer', {}, { body: { query: 'q', stream: true } }, 'served'],
  ['a question without a token', {}, { signedIn: false }, 'refused'],
  ['a malformed question', {}, { body: {} }, 'refused'],
  [
    'a failure of the database during admission',
    { ensureUser: async () => Promise.reject(new ServiceFailure('database_unavailable', 'gone')) },
    {},
    'failed',
  ],
  [
    'a failure of the model',
    { chat: async () => Promise.reject(new ServiceFailure('model_silent', 'x')) },
    {},
    'failed',
  ],
  [
    'a failure in a stream',
    { chat: async () => Promise.reject(new ServiceFailure('model_silent', 'x')) },
    { body: { query: 'q', stream: true } },
    'failed',
  ],
  [
    'a question that the model rejects in a stream',
    { chat: async () => Promise.reject(new ServiceFailure('content_filtered', 'x')) },
    { body: { query: 'q', stream: true } },
    'refused',
  ],
  [
    'a failure behind the OpenAI interface',
    { chat: async () => Promise.reject(new ServiceFailure('overloaded', 'x')) },
    { path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: 'q' }], stream: true } },
    'failed',
  ],
] as const satisfies readonly (readonly [string, Options, Parameters<typeof ask>[1], QuestionEnd])[])(
  '%s is counted once, as its user sees it',
  async (_, options, question, end) => {
    const { app, next, ends } = await counted(options);
    await using _app = app;
    const ended = next();
    await (await ask(app.url, question)).text();
    expect(await ended).toBe(end);
    expect(ends).toEqual([end]);
  },
);

test.each([
  ['gives up on a model that hangs', 12_000, false, 'gave_up'],
  ['leaves at once', 300, false, 'left'],
  ['leaves while the answer is written', 30_000, true, 'left'],
] as const)('a client that %s is told apart', async (_, ms, answering, end) => {
  const asked = Promise.withResolvers<void>();
  const { app, next, waitMs } = await counted({
    chat: async ({ onDelta, signal, id, sessionId }) => {
      if (answering) onDelta?.('RAG looks');
      asked.resolve();
      await once(signal, 'abort');
      return answeredTurn({ id, sessionId });
    },
  });
  await using _app = app;
  const leaving = new AbortController();
  const ended = next();
  const reply = ask(app.url, { body: { query: 'q', stream: answering }, signal: leaving.signal }).catch(() => {});
  await asked.promise;
  if (answering) await reply;
  waitMs(ms);
  leaving.abort();
  expect(await ended).toBe(end);
});

test('other requests to the API are not questions', async () => {
  const { app, ends } = await counted();
  await using _app = app;
  await (await fetch(`${app.url}/healthz`)).text();
  await (await fetch(`${app.url}/api/ai/chat`, { headers: await bearer() })).text();
  expect(ends).toEqual([]);
});
