import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelSettings } from '../../test/kit/data/model-settings.ts';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../../test/kit/servers/model-server.ts';
import { UNANSWERED } from '../chat/refusal.ts';
import type { ModelSettings } from './model-client.ts';
import { createModelGenerate } from './openai-generate.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const passages = [
  retrievedPassage(1, 'Logs are kept for 30 days.'),
  retrievedPassage(2, 'Backups are kept for 90 days.'),
];
const usage = { prompt_tokens: 131, completion_tokens: 17, total_tokens: 148 };

function ask(
  behaviour: Behaviour[],
  more: {
    settings?: Partial<ModelSettings>;
    passages?: typeof passages;
    signal?: AbortSignal;
  } = {},
) {
  server.behave(...behaviour);
  const settings = modelSettings(server.baseUrl, { apiKey: 'key-7', contextWindow: 8192, ...more.settings });
  const deltas: string[] = [];
  const generate = createModelGenerate(settings, { clock: () => performance.now() });
  const answer = generate({
    query: 'How long are logs kept?',
    history: [{ query: 'What are logs?', answer: 'Records [1].' }],
    passages: more.passages ?? passages,
    signal: more.signal ?? new AbortController().signal,
    onDelta: (text) => deltas.push(text),
  });
  return { answer, deltas };
}

test('the answer, its drafts, model, tokens and time to first token come from the stream', async () => {
  const started = performance.now();
  const { answer, deltas } = ask([
    {
      kind: 'answer',
      pieces: ['30', ' days', ' [1].'],
      model: 'small-1-2026-01-02',
      firstAfterMs: 40,
      betweenMs: 5,
      usage: { ...usage, prompt_tokens_details: { cached_tokens: 64 } },
    },
  ]);
  const generation = await answer;
  expect(generation).toEqual({
    text: '30 days [1].',
    model: 'small-1-2026-01-02',
    finishReason: 'stop',
    temperature: 0.3,
    contextWindowSize: 8192,
    usage: { promptTokens: 131, cachedPromptTokens: 64, completionTokens: 17, totalTokens: 148 },
    firstTokenAt: expect.any(Number),
  });
  expect(deltas).toEqual(['30', ' days', ' [1].']);
  expect(generation.firstTokenAt).toBeGreaterThanOrEqual(started + 38);
  expect(generation.firstTokenAt).toBeLessThan(performance.now());
});

test('the server is sent the rules, the numbered passages, what was said before, and the key', async () => {
  await ask([{ kind: 'answer', pieces: ['Yes [1].'] }]).answer;
  const [request] = server.requests;
  expect(request).toMatchObject({ path: '/v1/chat/completions', headers: { authorization: 'Bearer key-7' } });
  expect(request?.body).toMatchObject({
    model: 'small-1',
    temperature: 0.3,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(request?.body.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(request?.body.messages.at(-1)?.content).toContain(
    '<passage number="2" title="Material #2">\nBackups are kept',
  );
});

test('a server without keys is sent none', async () => {
  await ask([{ kind: 'answer', pieces: ['Yes [1].'] }], { settings: { apiKey: undefined } }).answer;
  expect(server.requests[0]?.headers.authorization).toBeUndefined();
});

test('a refusal of the model is no text, and its token is in no draft', async () => {
  const { answer, deltas } = ask([{ kind: 'answer', pieces: [UNANSWERED.slice(0, 5), UNANSWERED.slice(5), '.'] }]);
  expect(await answer).toMatchObject({ text: '', firstTokenAt: null, usage: { promptTokens: 131 } });
  expect(deltas).toEqual([]);
});

test('without passages the model is not asked and nothing is used', async () => {
  const { answer } = ask([], { passages: [] });
  expect(await answer).toMatchObject({ text: '', model: 'small-1', usage: { totalTokens: 0 } });
  expect(server.requests).toEqual([]);
});

test.each([[null], [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }]])(
  'a server that does not count tokens (%j) leaves usage unknown, not zero',
  async (reported) => {
    expect(await ask([{ kind: 'answer', pieces: ['Yes [1].'], usage: reported }]).answer).toMatchObject({
      text: 'Yes [1].',
      usage: null,
    });
  },
);

test('a parameter that the server refuses is left out, then and afterwards', async () => {
  const refusal = (param: string): Behaviour => ({
    kind: 'status',
    status: 400,
    body: {
      error: {
        message: `'${param}' is not supported`,
        type: 'invalid_request_error',
        param,
        code: 'unsupported_value',
      },
    },
  });
  server.behave(refusal('temperature'), refusal('stream_options'), {
    kind: 'answer',
    pieces: ['Yes [1].'],
    usage: null,
  });
  const refused: string[] = [];
  const onRefusedParameter = (parameter: string) => refused.push(parameter);
  const generate = createModelGenerate(modelSettings(server.baseUrl), { clock: () => 0, onRefusedParameter });
  const request = { query: 'q', history: [], passages, signal: new AbortController().signal };
  expect(await generate(request)).toMatchObject({ text: 'Yes [1].', temperature: null });
  expect(await generate(request)).toMatchObject({ text: 'Yes [1].', temperature: null });
  expect(server.requests.map(({ body }) => ['temperature' in body, 'stream_options' in body])).toEqual([
    [true, true],
    [false, true],
    [false, false],
    [false, false],
  ]);
});

test.each<[string, Behaviour]>([
  ['429 that says when to come back', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
  ['500', { kind: 'status', status: 500 }],
  ['503', { kind: 'status', status: 503 }],
  ['408', { kind: 'status', status: 408 }],
  ['a connection cut at once', { kind: 'hangUp' }],
  ['a stream cut before its first piece', { kind: 'breakOff', pieces: [] }],
])('after %s the question is asked again', async (_case, behaviour) => {
  const started = performance.now();
  const { answer, deltas } = ask([behaviour, { kind: 'answer', pieces: ['Yes [1].'] }]);
  expect(await answer).toMatchObject({ text: 'Yes [1].' });
  expect(deltas).toEqual(['Yes [1].']);
  expect(server.requests).toHaveLength(2);
  if (behaviour.kind === 'status' && behaviour.headers) expect(performance.now() - started).toBeGreaterThan(990);
});

test('hanging up cancels the request to the model at once', async () => {
  const controller = new AbortController();
  const arrived = server.nextRequest();
  const { answer } = ask([{ kind: 'fallSilent', pieces: ['Logs are'] }], { signal: controller.signal });
  const settled = expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  const request = await arrived;
  controller.abort();
  await settled;
  expect(await request.over).toBe(false);
});

test('hanging up while waiting to ask again ends the wait', async () => {
  const controller = new AbortController();
  const arrived = server.nextRequest();
  const { answer } = ask([{ kind: 'status', status: 429, headers: { 'retry-after': '4' } }], {
    signal: controller.signal,
  });
  const settled = expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  await (await arrived).over;
  controller.abort();
  await settled;
  expect(server.requests).toHaveLength(1);
});
