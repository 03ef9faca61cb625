import { request } from 'node:http';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { bearer, type ServedApp, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import { reply } from '../api/chat-reply.ts';

async function askStreaming(app: ServedApp) {
  return fetch(`${app.url}/api/ai/chat`, {
    method: 'POST',
    headers: await bearer(),
    body: JSON.stringify({ query: 'What is RAG?', stream: true }),
  });
}

function eventsOf(text: string) {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event = '', data = ''] = block.split('\n');
      return { event: event.slice('event: '.length), data: JSON.parse(data.slice('data: '.length)) };
    });
}

test('drafts are sent as they are generated, and done with the whole reply only after the commit', async () => {
  const committed = Promise.withResolvers<void>();
  await using app = await serveApp({
    chat: async ({ id, sessionId, onDelta }) => {
      onDelta?.('RAG looks\n\n');
      onDelta?.('things up');
      await committed.promise;
      return answeredTurn({ id, sessionId });
    },
  });
  const response = await askStreaming(app);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('things up')) text += (await reader.read()).value ?? '';
  expect(eventsOf(text)).toEqual([
    { event: 'delta', data: { text: 'RAG looks\n\n' } },
    { event: 'delta', data: { text: 'things up' } },
  ]);
  committed.resolve();
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  const events = eventsOf(text);
  expect(events.map(({ event }) => event)).toEqual(['delta', 'delta', 'done']);
  expect(reply.parse(events.at(-1)?.data).latencyMs).toBe(37);
});

test('a failure after the first draft ends the stream with the problem document in place of done', async () => {
  await using app = await serveApp({
    chat: async ({ onDelta }) => {
      onDelta?.('RAG looks');
      throw new ServiceFailure('database_unavailable', 'the deadline passed');
    },
  });
  const events = eventsOf(await (await askStreaming(app)).text());
  expect(events.map(({ event }) => event)).toEqual(['delta', 'error']);
  expect(events[1]?.data).toMatchObject({ type: '/problems/database-unavailable', status: 503 });
});

test.each([true, false])('a client that hangs up cancels its question (stream: %s)', async (stream) => {
  const started = Promise.withResolvers<AbortSignal>();
  const aborted = Promise.withResolvers<void>();
  await using app = await serveApp({
    chat: ({ signal, onDelta }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          onDelta?.('a late draft');
          reject(new ServiceFailure('cancelled', 'the client hung up'));
          aborted.resolve();
        });
        started.resolve(signal);
      }),
  });
  const headers = { ...(await bearer()), 'content-type': 'application/json' };
  const sent = request(`${app.url}/api/ai/chat`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query: 'What is RAG?', stream }));
  expect((await started.promise).aborted).toBe(false);
  sent.destroy();
  await aborted.promise;
  await expect.poll(() => app.log.filter(({ message }) => message === 'request')).toHaveLength(1);
  expect(app.log[0]?.fields).toMatchObject({ aborted: true });
  expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('an answered question is not treated as aborted', async () => {
  const signals: AbortSignal[] = [];
  await using app = await serveApp({
    chat: async ({ id, sessionId, signal }) => {
      signals.push(signal);
      return answeredTurn({ id, sessionId });
    },
  });
  await (await askStreaming(app)).text();
  await expect.poll(() => app.log).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(false);
  expect(app.log[0]?.fields).toMatchObject({ aborted: false, status: 200 });
});
