import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelSettings } from '../../test/kit/data/model-settings.ts';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../../test/kit/servers/model-server.ts';
import type { ModelSettings } from './model-client.ts';
import { createModelGenerate, type OnLostUsage } from './openai-generate.ts';
import { finishReason } from './read-completion.ts';
import { usageOf } from './usage.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const answer = 'Logs are kept for 30 days [1].';
const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };

const event = (content: unknown) => `data: ${JSON.stringify(content)}\n\n`;
const delta = (content: unknown, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const done = 'data: [DONE]\n\n';
const comment = ': OPENROUTER PROCESSING\n\n';
const script = (...steps: [number, string][]): Behaviour => ({ kind: 'script', steps });
const json = (body: unknown): Behaviour => ({
  kind: 'raw',
  contentType: 'application/json',
  body: JSON.stringify(body),
});

function generate(behaviour: readonly Behaviour[], more: Partial<ModelSettings> = {}, isStreamed = true) {
  server.behave(...behaviour);
  const deltas: string[] = [];
  const lost: Parameters<OnLostUsage>[0][] = [];
  const ask = createModelGenerate(modelSettings(server.baseUrl, more), {
    clock: () => performance.now(),
    onLostUsage: (each) => lost.push(each),
  });
  const generation = ask({
    query: 'How long are logs kept?',
    history: [],
    passages: [retrievedPassage(1, 'Logs are kept for 30 days.')],
    signal: new AbortController().signal,
    ...(isStreamed && { onDelta: (text: string) => deltas.push(text) }),
  });
  return { generation, deltas, lost };
}

test.each<[string, Behaviour, string | null]>([
  ['[DONE] without a finish reason', script([0, delta(answer)], [0, done]), null],
  ['an empty finish reason', script([0, delta(answer)], [0, delta('', '')], [0, done]), null],
  [
    'a finish reason in camel case',
    script([0, event({ choices: [{ delta: { content: answer }, finishReason: 'STOP' }] })]),
    'stop',
  ],
  [
    'a complete JSON body',
    json({ choices: [{ message: { role: 'assistant', content: answer }, finish_reason: 'stop' }], usage }),
    'stop',
  ],
  [
    'a complete JSON body that is labelled a stream',
    {
      kind: 'raw',
      contentType: 'text/event-stream',
      body: JSON.stringify({ choices: [{ message: { content: answer }, finish_reason: 'stop' }] }),
    },
    'stop',
  ],
  [
    'one JSON document a line',
    {
      kind: 'raw',
      contentType: 'application/x-ndjson',
      body: `${JSON.stringify({ choices: [{ delta: { content: answer } }] })}\n${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n`,
    },
    'stop',
  ],
  [
    'content in parts',
    script(
      [0, delta([{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }])],
      [0, delta([{ type: 'text', text: answer }])],
      [0, delta('', 'stop')],
      [0, done],
    ),
    'stop',
  ],
  [
    'carriage returns, a byte order mark, comments and pings',
    script(
      [0, `\ufeff${comment}event: ping\r\ndata: {"type": "ping"}\r\n\r\n`],
      [0, delta(answer, 'stop').replaceAll('\n', '\r\n')],
    ),
    'stop',
  ],
  ['an answer that is cut at the token limit', script([0, delta(answer, 'MAX_TOKENS')], [0, done]), 'length'],
])('%s is an answer', async (_case, behaviour, reason) => {
  const { generation, deltas } = generate([behaviour]);
  expect(await generation).toMatchObject({ text: answer, finishReason: reason });
  expect(deltas.join('')).toBe(answer);
});

test('every received byte counts as activity, comments too', async () => {
  const first = event({ choices: [{ delta: { role: 'assistant', content: '' } }] });
  const steps: [number, string][] = Array.from({ length: 6 }, () => [60, comment]);
  const behaviour = script([0, first], ...steps, [60, delta(answer, 'stop')], [0, done]);
  expect(await generate([behaviour], { silenceMs: 200 }).generation).toMatchObject({ text: answer });
});

test('a steady stream is not cut by the timeout', async () => {
  const steps: [number, string][] = [...answer].map((letter) => [20, delta(letter)]);
  const behaviour = script(...steps, [20, delta('', 'stop')], [0, done]);
  expect(await generate([behaviour], { timeoutMs: 250 }).generation).toMatchObject({ text: answer });
});

test('an answer that breaks off is requested again for a client that has seen nothing of it', async () => {
  const { generation } = generate(
    [
      { kind: 'breakOff', pieces: ['Logs are'] },
      { kind: 'answer', pieces: [answer] },
    ],
    {},
    false,
  );
  expect(await generation).toMatchObject({ text: answer });
  expect(server.requests).toHaveLength(2);
});

test('what a retried call used is reported', async () => {
  const broken = script([0, delta('Logs are')], [0, event({ choices: [], usage })]);
  const { generation, lost } = generate([broken, { kind: 'answer', pieces: [answer] }], {}, false);
  await generation;
  expect(lost).toMatchObject([{ kind: 'retried', model: 'small-1', usage: { promptTokens: 1000 } }]);
});

test('the token limit is sent, by its newer name where the server refuses the older one', async () => {
  const refusal: Behaviour = { kind: 'status', status: 400, body: { error: { message: 'no', param: 'max_tokens' } } };
  await generate([refusal, { kind: 'answer', pieces: [answer] }], { maxTokens: 77 }).generation;
  expect(server.requests.map(({ body }) => [body.max_tokens, body.max_completion_tokens])).toEqual([
    [77, undefined],
    [undefined, 77],
  ]);
});

test.each([
  [{ detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'no' }] }, 422],
  [{ object: 'error', message: { detail: [{ loc: ['body', 'stream_options', 'include_usage'] }] } }, 422],
  [{ error: { message: 'no', param: 'stream_options', code: 'unknown_parameter' } }, 400],
])('a structured refusal %j of a parameter is respected', async (body, status) => {
  const behaviour = [
    { kind: 'status' as const, status, body },
    { kind: 'answer' as const, pieces: [answer] },
  ];
  expect(await generate(behaviour).generation).toMatchObject({ text: answer });
  expect(server.requests.map((request) => 'stream_options' in request.body)).toEqual([true, false]);
});

test('a message that quotes the name of a parameter drops nothing', async () => {
  const body = {
    error: { message: 'cannot answer "what is temperature?"', type: 'invalid_request_error', param: null },
  };
  await expect(generate([{ kind: 'status', status: 400, body }]).generation).rejects.toMatchObject({
    code: 'model_protocol',
  });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ['stop', 'stop'],
  ['STOP', 'stop'],
  ['end_turn', 'stop'],
  ['eos', 'stop'],
  ['FinishReason.MAX_TOKENS', 'length'],
  ['maxTokens', 'length'],
  ['model_length', 'length'],
  ['SAFETY', 'content_filter'],
  ['contentFilter', 'content_filter'],
  ['tool_use', 'tool_calls'],
  ['FUNCTION_CALL', 'tool_calls'],
  ['refusal', 'refusal'],
  ['Something-New', 'something_new'],
])('the finish reason %s is read as %s', (written, expected) => {
  expect(finishReason(written)).toBe(expected);
});

test.each([
  [{ usage }, [1000, 0, 100]],
  [{ x_groq: { id: 'r', usage } }, [1000, 0, 100]],
  [{ choices: [{ delta: {}, usage }] }, [1000, 0, 100]],
  [{ timings: { prompt_n: 900, cache_n: 100, predicted_n: 100 } }, [1000, 100, 100]],
  [{ usage: { ...usage, prompt_tokens_details: { cached_tokens: 640 } } }, [1000, 640, 100]],
  [{ usage: { ...usage, prompt_cache_hit_tokens: 640, prompt_cache_miss_tokens: 360 } }, [1000, 640, 100]],
  [{ usage: { ...usage, cached_tokens: 640 } }, [1000, 640, 100]],
  // Gemini and Grok leave thoughts out of completion_tokens.
  [{ usage: { ...usage, total_tokens: 1700, completion_tokens_details: { reasoning_tokens: 600 } } }, [1000, 0, 700]],
  [{ usage: { ...usage, completion_tokens_details: { reasoning_tokens: 60 } } }, [1000, 0, 100]],
  [{ usage: { input_tokens: 200, cache_read_input_tokens: 800, output_tokens: 100 } }, [1000, 800, 100]],
  [
    {
      usageMetadata: {
        promptTokenCount: 1000,
        candidatesTokenCount: 100,
        thoughtsTokenCount: 50,
        totalTokenCount: 1150,
      },
    },
    [1000, 0, 150],
  ],
  [{ usage: { prompt_tokens: '1000', completion_tokens: '100' } }, [1000, 0, 100]],
  [{ usage: { ...usage, prompt_tokens_details: 'none', cost: 'odd', total_tokens: -1 } }, [1000, 0, 100]],
])('usage is read from %j', (content, [prompt, cached, completion]) => {
  expect(usageOf(content)).toMatchObject({
    promptTokens: prompt,
    cachedPromptTokens: cached,
    completionTokens: completion,
  });
});

test.each([[{}], [{ usage: null }], [{ usage: { prompt_tokens: 0, completion_tokens: 0 } }], [{ usage: 'none' }]])(
  'usage is unknown, not zero, in %j',
  (content) => {
    expect(usageOf(content)).toBeNull();
  },
);
