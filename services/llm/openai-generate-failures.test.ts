import { afterEach, beforeEach, expect, test } from 'vitest';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../../test/kit/servers/model-server.ts';
import { ChatFailure } from '../chat/failure.ts';
import { createModelGenerate } from './openai-generate.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

async function fail(behaviour: Behaviour, more: { baseUrl?: string; timeoutMs?: number; silenceMs?: number } = {}) {
  server.behave(behaviour);
  const settings = {
    baseUrl: more.baseUrl ?? server.baseUrl,
    apiKey: 'key-7',
    name: 'small-1',
    timeoutMs: more.timeoutMs ?? 5000,
    contextWindow: null,
    temperature: 0,
  };
  const deltas: string[] = [];
  const generate = createModelGenerate(settings, () => performance.now(), more.silenceMs);
  const failure = await generate({
    query: 'a secret question',
    history: [],
    passages: [retrievedPassage(1, 'A secret passage.')],
    signal: new AbortController().signal,
    onDelta: (text) => deltas.push(text),
  }).then(
    () => expect.fail('it should have failed'),
    (error: ChatFailure) => error,
  );
  expect(failure).toBeInstanceOf(ChatFailure);
  expect(failure.code).toBe('model_unavailable');
  expect(failure.message).not.toMatch(/secret|key-7/);
  return { failure, deltas };
}

const json = (content: unknown): Behaviour => ({
  kind: 'raw',
  contentType: 'text/event-stream',
  body: `data: ${JSON.stringify(content)}\n\ndata: [DONE]\n\n`,
});

test.each<[string, Behaviour, RegExp, number]>([
  [
    '401',
    {
      kind: 'status',
      status: 401,
      body: { error: { message: 'bad key-7 in a secret place', code: 'invalid_api_key' } },
    },
    /401 \(invalid_api_key\): check LLM_API_KEY/,
    1,
  ],
  ['403', { kind: 'status', status: 403 }, /403 .*check LLM_API_KEY/, 1],
  ['404', { kind: 'status', status: 404 }, /404 .*check LLM_BASE_URL .*LLM_MODEL small-1/, 1],
  ['400', { kind: 'status', status: 400 }, /400 .*check LLM_MODEL, LLM_CONTEXT_WINDOW/, 1],
  ['500 always', { kind: 'status', status: 500 }, /answered 500 \(scripted_code\)/, 3],
  [
    'a page of HTML',
    { kind: 'raw', contentType: 'text/html', body: '<html>a secret</html>' },
    /no event of a stream: check .*LLM_BASE_URL/,
    1,
  ],
  [
    'what is not JSON',
    { kind: 'raw', contentType: 'text/event-stream', body: 'data: {secret\n\n' },
    /not JSON: check/,
    1,
  ],
  ['no choices', json({ choices: [] }), /broke off/, 3],
  ['a number', json(7), /broke off/, 3],
  ['an error inside the stream', json({ error: { message: 'secret' } }), /reported an error/, 3],
  ['an answer without text', { kind: 'answer', pieces: [] }, /without text/, 1],
  ['a filtered answer', { kind: 'answer', pieces: ['No'], finish: 'content_filter' }, /content_filter/, 1],
  ['an answer without end', { kind: 'fallSilent', pieces: ['na '.repeat(20_000)] }, /more than 50000 letters/, 1],
  ['a connection cut at once, always', { kind: 'hangUp' }, /cannot be reached.*check LLM_BASE_URL/, 3],
])(
  '%s fails with a message that tells the operator what to do, and no text of anybody',
  async (_case, behaviour, message, requests) => {
    const { failure } = await fail(behaviour);
    expect(failure.message).toMatch(message);
    expect(server.requests).toHaveLength(requests);
  },
);

test('a server that is not there is named', async () => {
  const gone = await startModelServer();
  await gone.close();
  const { failure } = await fail({ kind: 'never' }, { baseUrl: gone.baseUrl });
  expect(failure.message).toMatch(/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\): check LLM_BASE_URL/);
  expect(failure.retryAfterSeconds).toBe(5);
});

test.each<Behaviour>([
  { kind: 'breakOff', pieces: ['Logs are', ' kept'] },
  { kind: 'endEarly', pieces: ['Logs are', ' kept'] },
])('an answer that breaks off after its first draft is not begun again: %j', async (behaviour) => {
  const { failure, deltas } = await fail(behaviour);
  expect(failure.message).toMatch(/broke off/);
  expect(deltas.join('')).toBe('Logs are kept');
  expect(server.requests).toHaveLength(1);
});

test('a server that never answers is given up when the time is over', async () => {
  const started = performance.now();
  const { failure } = await fail({ kind: 'never' }, { timeoutMs: 150 });
  expect(failure.message).toMatch(/no answer in 150 ms \(LLM_TIMEOUT_MS\)/);
  expect(performance.now() - started).toBeLessThan(1500);
  expect(await server.requests[0]?.over).toBe(false);
});

test('a server that falls silent in its answer is given up before the time is over', async () => {
  const { failure } = await fail({ kind: 'fallSilent', pieces: ['Logs'] }, { silenceMs: 60 });
  expect(failure.message).toMatch(/fell silent for 60 ms/);
});

test('a wait that the server asks for and that leaves no time for an answer is passed on to the user', async () => {
  const { failure } = await fail({ kind: 'status', status: 429, headers: { 'retry-after': '37' } });
  expect(failure.retryAfterSeconds).toBe(37);
  expect(server.requests).toHaveLength(1);
});

test('a wrong key is no reason to try again later', async () => {
  const { failure } = await fail({ kind: 'status', status: 401 });
  expect(failure.retryAfterSeconds).toBeUndefined();
});
