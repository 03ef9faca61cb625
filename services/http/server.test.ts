import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../test/kit/data/answered-turn.ts';
import { bearer, type ServedApp, serveApp } from '../../test/kit/programs/serve-app.ts';
import { problemDocument } from './api/problem.ts';

const shortLimits = { headersMs: 150, requestMs: 300, keepAliveMs: 60_000, checkEveryMs: 25 };

/** Sends bytes as they are and reads until the server closes. */
async function sendRaw(app: ServedApp, ...parts: (string | Buffer)[]) {
  const socket = connect(app.port, '127.0.0.1');
  socket.on('error', () => {});
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body };
}

async function postHead(length: number, extra = '') {
  const { authorization } = await bearer();
  return `POST /api/ai/chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Length: ${length}\r\nConnection: close\r\n${extra}\r\n`;
}

test.each<[string, number, () => Promise<(string | Buffer)[]>]>([
  ['a request that is not HTTP', 400, async () => ['xyzzy\r\n\r\n']],
  ['a malformed header line', 400, async () => ['GET / HTTP/1.1\r\nHost localhost\r\n\r\n']],
  [
    'two Content-Length headers',
    400,
    async () => [await postHead(20, 'Content-Length: 21\r\n'), '{"query":"What is?"}'],
  ],
  [
    'Content-Length with Transfer-Encoding',
    400,
    async () => [await postHead(20, 'Transfer-Encoding: chunked\r\n'), '0\r\n\r\n'],
  ],
  ['headers of 20 KB', 431, async () => [`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`]],
  ['a body shorter than its length', 408, async () => [await postHead(100), '{"query":"What is RAG?"}']],
  ['headers that never end', 408, async () => ['GET /healthz HTTP/1.1\r\nHost: localhost\r\n']],
  ['a body truncated by its length', 400, async () => [await postHead(10), '{"query":"What is RAG?"}']],
  ['a body that is not UTF-8', 400, async () => [await postHead(14), Buffer.from('{"query":"\xff\xfe"}', 'latin1')]],
  [
    'a path that cannot be decoded',
    404,
    async () => ['GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ],
  [
    'a parameter that cannot be decoded',
    400,
    async () => [(await postHead(10)).replace('/api/ai/chat', '/api/ai/dialogues/%zz/feedback'), '{"vote":1}'],
  ],
  ['NUL in the path', 400, async () => ['GET /health\0 HTTP/1.1\r\nHost: localhost\r\n\r\n']],
  [
    'two Authorization headers',
    401,
    async () => [await postHead(10, 'Authorization: Bearer xyzzy\r\n'), '{"query":1}'],
  ],
  [
    'two Idempotency-Key headers',
    400,
    async () => [await postHead(13, 'Idempotency-Key: a\r\nIdempotency-Key: b\r\n'), '{"query":"a"}'],
  ],
])('%s is answered %i with a problem document', async (_what, status, parts) => {
  await using app = await serveApp({ limits: shortLimits });
  const answer = await sendRaw(app, ...(await parts()));
  expect(answer.status).toBe(status);
  expect(answer.head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(problemDocument.parse(JSON.parse(answer.body)).status).toBe(status);
});

test('an upload far above the limit is rejected, and a client that sends all of it receives the response', async () => {
  await using app = await serveApp();
  const answer = await sendRaw(app, await postHead(5_000_000), Buffer.alloc(5_000_000, 'x'));
  expect(answer.status).toBe(413);
});

test('shutdown finishes open questions, and readiness fails at once', async () => {
  const received = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const app = await serveApp({
    chat: async ({ id, sessionId }) => {
      received.resolve();
      await commit.promise;
      return answeredTurn({ id, sessionId });
    },
  });
  const body = JSON.stringify({ query: 'What is RAG?', stream: true });
  const answer = fetch(`${app.url}/api/ai/chat`, { method: 'POST', headers: await bearer(), body });
  await received.promise;
  app.server.drain();
  const readiness = await fetch(`${app.url}/readyz`);
  expect([readiness.status, readiness.headers.get('connection')]).toEqual([503, 'close']);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  const closed = app.server.close(20_000);
  await expect(fetch(`${app.url}/healthz`)).rejects.toThrow();
  commit.resolve();
  expect(await (await answer).text()).toContain('event: done');
  await closed;
});

test('a question that exceeds the shutdown timeout is disconnected and cancelled', async () => {
  const cancelled = Promise.withResolvers<void>();
  const received = Promise.withResolvers<void>();
  const app = await serveApp({
    chat: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          cancelled.resolve();
          reject(new Error('cancelled'));
        });
        received.resolve();
      }),
  });
  const answer = fetch(`${app.url}/api/ai/chat`, {
    method: 'POST',
    headers: await bearer(),
    body: '{"query":"What is RAG?"}',
  });
  const failed = expect(answer).rejects.toThrow();
  await received.promise;
  await app.server.close(30);
  await failed;
  await cancelled.promise;
});

test('listening on a used port fails with EADDRINUSE', async () => {
  await using app = await serveApp();
  const other = await serveApp();
  await other.server.close(0);
  await expect(other.server.listen(app.port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
