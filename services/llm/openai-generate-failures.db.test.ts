import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelSettings } from '../../test/kit/data/model-settings.ts';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../../test/kit/servers/model-server.ts';
import { type FailureCode, ServiceFailure } from '../failure/service-failure.ts';
import type { ModelSettings } from './model-client.ts';
import { createModelGenerate } from './openai-generate.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

async function fail(behaviour: Behaviour, more: Partial<ModelSettings> = {}) {
  server.behave(behaviour);
  const settings = modelSettings(server.baseUrl, { apiKey: 'key-7', ...more });
  const deltas: string[] = [];
  const generate = createModelGenerate(settings, { clock: () => performance.now() });
  const failure = await generate({
    query: 'a secret question',
    history: [],
    passages: [retrievedPassage(1, 'A secret passage.')],
    signal: new AbortController().signal,
    onDelta: (text) => deltas.push(text),
  }).then(
    () => expect.fail('it should have failed'),
    (error: ServiceFailure) => error,
  );
  expect(failure).toBeInstanceOf(ServiceFailure);
  expect(failure.model).toBe('small-1');
  expect(failure.message).not.toMatch(/secret|key-7/);
  return { failure, deltas };
}

const events = (...all: unknown[]): Behaviour => ({
  kind: 'raw',
  contentType: 'text/event-stream',
  body: `${all.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`,
});
const json = (content: unknown): Behaviour => ({
  kind: 'raw',
  contentType: 'text/event-stream',
  body: `data: ${JSON.stringify(content)}\n\ndata: [DONE]\n\n`,
});

test.each<[string, Behaviour, RegExp, number, FailureCode]>([
  [
    '401',
    {
      kind: 'status',
      status: 401,
      body: { error: { message: 'bad key-7 in a secret place', code: 'invalid_api_key' } },
    },
    /401 \(invalid_api_key\): check LLM_API_KEY/,
    1,
    'model_key',
  ],
  ['403', { kind: 'status', status: 403 }, /403 .*check LLM_API_KEY/, 1, 'model_key'],
  ['404', { kind: 'status', status: 404 }, /404 .*check LLM_BASE_URL .*LLM_MODEL small-1/, 1, 'model_protocol'],
  ['400', { kind: 'status', status: 400 }, /400 .*check LLM_MODEL, LLM_CONTEXT_WINDOW/, 1, 'model_protocol'],
  ['500 always', { kind: 'status', status: 500 }, /answered 500 \(scripted_code\)/, 3, 'model_unavailable'],
  [
    'a page of HTML',
    { kind: 'raw', contentType: 'text/html', body: '<html>a secret</html>' },
    /no event of a stream: check .*LLM_BASE_URL/,
    1,
    'model_protocol',
  ],
  [
    'what is not JSON',
    { kind: 'raw', contentType: 'text/event-stream', body: 'data: {secret\n\n' },
    /not JSON: check/,
    1,
    'model_protocol',
  ],
  ['no choices', json({ choices: [] }), /without text/, 1, 'model_protocol'],
  ['a number', json(7), /no event/, 1, 'model_protocol'],
  ['an error inside the stream', json({ error: { message: 'secret' } }), /reported an error/, 3, 'model_unavailable'],
  ['an answer without text', { kind: 'answer', pieces: [] }, /without text/, 1, 'model_protocol'],
  [
    'a filtered answer',
    { kind: 'answer', pieces: ['No'], finish: 'content_filter' },
    /content_filter/,
    1,
    'content_filtered',
  ],
  [
    'an answer without end',
    { kind: 'fallSilent', pieces: ['na '.repeat(20_000)] },
    /more than 50000 characters/,
    1,
    'model_protocol',
  ],
  [
    'a connection cut at once, always',
    { kind: 'hangUp' },
    /cannot be reached.*check LLM_BASE_URL/,
    3,
    'model_unreachable',
  ],
  ['402', { kind: 'status', status: 402 }, /check the quota/, 1, 'model_quota'],
  [
    '429 without quota',
    {
      kind: 'status',
      status: 429,
      body: { error: { message: 'no', type: 'insufficient_quota', code: 'insufficient_quota' } },
    },
    /check the quota/,
    1,
    'model_quota',
  ],
  ['429 always', { kind: 'status', status: 429 }, /answered 429/, 3, 'model_rate_limited'],
  [
    "Azure's content filter",
    {
      kind: 'status',
      status: 400,
      body: {
        error: { message: 'secret', code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } },
      },
    },
    /answered 400 \(content_filter\)/,
    1,
    'content_filtered',
  ],
  [
    'a full context',
    { kind: 'status', status: 400, body: { error: { message: 'secret', code: 'context_length_exceeded' } } },
    /LLM_CONTEXT_WINDOW/,
    1,
    'context_exceeded',
  ],
  [
    'a full context that only the message reports',
    {
      kind: 'status',
      status: 400,
      body: { object: 'error', message: "This model's maximum context length is 4096 tokens. secret", code: 400 },
    },
    /LLM_CONTEXT_WINDOW/,
    1,
    'context_exceeded',
  ],
  [
    'a quota reported with status 200',
    { kind: 'raw', contentType: 'application/json', body: '{"error": {"message": "secret", "code": 402}}' },
    /reported an error in its answer \(402\): check the quota/,
    1,
    'model_quota',
  ],
  [
    'a refusal in a field of its own',
    events({ choices: [{ delta: { refusal: 'a secret' } }] }, { choices: [{ delta: {}, finish_reason: 'stop' }] }),
    /refused to answer/,
    1,
    'model_refused',
  ],
  [
    'a tool call',
    events({ choices: [{ delta: { tool_calls: [{ id: 'c' }] }, finish_reason: 'tool_calls' }] }),
    /called a tool/,
    1,
    'tool_called',
  ],
  [
    'thoughts that used all tokens',
    events({ choices: [{ delta: { content: '<think>secret' }, finish_reason: 'length' }] }),
    /raise LLM_MAX_TOKENS/,
    1,
    'model_protocol',
  ],
])(
  '%s fails with a message that says what to do and quotes no text',
  async (_case, behaviour, message, requests, code) => {
    const { failure } = await fail(behaviour);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(server.requests).toHaveLength(requests);
  },
);

test('an unreachable server is named', async () => {
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

test('a server that never answers fails after the timeout', async () => {
  const started = performance.now();
  const { failure } = await fail({ kind: 'never' }, { timeoutMs: 150 });
  expect(failure.message).toMatch(/no answer in 150 ms \(LLM_TIMEOUT_MS\)/);
  expect(performance.now() - started).toBeLessThan(1500);
  expect(await server.requests[0]?.over).toBe(false);
});

test('a stream that does not end fails after the limit of a whole answer', async () => {
  const pieces = Array.from({ length: 200 }, () => 'na ');
  const { failure, deltas } = await fail(
    { kind: 'answer', pieces, betweenMs: 50 },
    { timeoutMs: 5_000, maxAnswerMs: 400, silenceMs: 5_000 },
  );
  expect(failure).toMatchObject({ code: 'model_unavailable', retryAfterSeconds: 5 });
  expect(failure.message).toMatch(/did not complete its answer in 400 ms \(LLM_MAX_ANSWER_MS\)/);
  expect(deltas.join('')).toMatch(/^na /);
  expect(server.requests).toHaveLength(1);
  expect(await server.requests[0]?.over).toBe(false);
});

test('a server that falls silent in its answer fails after the silence limit', async () => {
  const { failure } = await fail({ kind: 'fallSilent', pieces: ['Logs'] }, { silenceMs: 60 });
  expect(failure.message).toMatch(/sent nothing for 60 ms \(LLM_SILENCE_MS\)/);
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

test('a key that no header can carry is named, and the server is not asked', async () => {
  const { failure } = await fail({ kind: 'never' }, { apiKey: 'sk-abc…' });
  expect(failure).toMatchObject({ code: 'model_key', message: expect.stringMatching(/LLM_API_KEY contains/) });
  expect(server.requests).toHaveLength(0);
});

test('a wait in milliseconds is respected', async () => {
  const { failure } = await fail({ kind: 'status', status: 429, headers: { 'retry-after-ms': '37000' } });
  expect(failure.retryAfterSeconds).toBe(37);
});
