import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelSettings } from '../../test/kit/data/model-settings.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../../test/kit/servers/model-server.ts';
import { checkModel } from './check-model.ts';
import type { ModelSettings } from './model-client.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const check = (values: Partial<ModelSettings> = {}, signal = AbortSignal.timeout(20_000)) =>
  checkModel(modelSettings(server.baseUrl, values), signal);

test('a model that answers is asked for one word at most', async () => {
  server.behave({ kind: 'answer', pieces: ['OK'], model: 'small-1-2026' });
  expect(await check()).toEqual({ state: 'ok', detail: 'small-1 answers, which calls itself small-1-2026' });
  expect(server.requests[0]?.body).toMatchObject({ model: 'small-1', max_tokens: 16, stream: true });
});

test('a model that takes the limit by its newer name alone answers, too', async () => {
  const refusal = { error: { message: 'no', code: 'unsupported_parameter', param: 'max_tokens' } };
  server.behave({ kind: 'status', status: 400, body: refusal }, { kind: 'answer', pieces: ['OK'], model: 'small-1' });
  expect(await check()).toEqual({ state: 'ok', detail: 'small-1 answers' });
  expect(server.requests[1]?.body).toMatchObject({ max_completion_tokens: 16 });
});

test.each<[string, Behaviour, Partial<ModelSettings>, RegExp, RegExp]>([
  ['a refused key', { kind: 'status', status: 401 }, { apiKey: 'sk-wrong' }, /answered 401/, /check LLM_API_KEY/],
  ['a missing key', { kind: 'status', status: 401 }, {}, /answered 401/, /set LLM_API_KEY/],
  ['an unknown model', { kind: 'status', status: 404 }, {}, /answered 404/, /LLM_BASE_URL.*LLM_MODEL small-1/],
  ['no quota', { kind: 'status', status: 402 }, {}, /answered 402/, /billing/],
  ['a web page', { kind: 'raw', contentType: 'text/html', body: '<html>' }, {}, /model server/, /LLM_BASE_URL/],
  ['a key in quotation marks', { kind: 'never' }, { apiKey: '"sk-1"' }, /quotation marks/, /remove them/],
  ['a key with a line break', { kind: 'never' }, { apiKey: 'sk-1\n' }, /ends with a line break/, /remove it/],
])('%s is reported with what to do, without host and key', async (_what, behaviour, values, detail, fix) => {
  server.behave(behaviour);
  const result = await check(values);
  expect(result).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(detail),
    fix: expect.stringMatching(fix),
  });
  expect(JSON.stringify(result)).not.toMatch(/127\.0\.0\.1|sk-/);
});

test('an unreachable server and one that never answers are reported', async () => {
  const dead = await startModelServer();
  await dead.close();
  expect(await check({ baseUrl: dead.baseUrl })).toMatchObject({
    detail: 'the model server cannot be reached (ECONNREFUSED)',
    fix: 'check LLM_BASE_URL and that the server is running',
  });
  server.behave({ kind: 'never' });
  const stop = new AbortController();
  const asked = server.nextRequest();
  const result = check({}, stop.signal);
  await asked;
  stop.abort();
  expect(await result).toMatchObject({ state: 'failed', fix: expect.stringContaining('loading') });
});

test('headers, a user in the URL and a query reach the server', async () => {
  const withUser = server.baseUrl.replace('http://', 'http://yuki:p%40ss@');
  await check({ baseUrl: `${withUser}?api-version=2026-01`, headers: { 'api-key': 'k1', Accept: 'text/plain' } });
  expect(server.requests[0]).toMatchObject({
    path: '/v1/chat/completions?api-version=2026-01',
    headers: {
      'api-key': 'k1',
      accept: 'text/plain',
      authorization: `Basic ${Buffer.from('yuki:p@ss').toString('base64')}`,
    },
  });
});
