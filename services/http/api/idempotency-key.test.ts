import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { bearer, type ServedApp, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import { type Reply, reply, replyOf } from './chat-reply.ts';
import type { ReleaseKey, ReserveKey } from './idempotency-key.ts';
import { problemDocument } from './problem.ts';

/** Behaves like the table: one reservation per user and key, stored once there is a reply. */
function keepKeys() {
  const rows = new Map<string, { requestSha256: string; dialogueId: string }>();
  const replies = new Map<string, Reply>();
  const reserve: ReserveKey = async ({ userId, key, requestSha256, dialogueId }) => {
    const row = rows.get(`${userId} ${key}`);
    if (!row) {
      rows.set(`${userId} ${key}`, { requestSha256, dialogueId });
      return { state: 'new', dialogueId };
    }
    if (row.requestSha256 !== requestSha256) return { state: 'mismatch' };
    const stored = replies.get(row.dialogueId);
    return stored ? { state: 'stored', reply: stored } : { state: 'in_progress' };
  };
  const release: ReleaseKey = async ({ userId, key }) => {
    rows.delete(`${userId} ${key}`);
  };
  return { reserve, release, rows, replies };
}

const key = { 'idempotency-key': 'Q-2026-03-07/1' };

async function ask(app: ServedApp, headers: Record<string, string>, body: Record<string, unknown> = {}) {
  return fetch(`${app.url}/api/ai/chat`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: 'What is RAG?', ...body }),
  });
}

test('repeating a question with its key returns the first answer, also as a stream', async () => {
  const keys = keepKeys();
  let calls = 0;
  await using app = await serveApp({
    ...keys,
    chat: async ({ id, sessionId }) => {
      calls += 1;
      const turn = answeredTurn({ id, sessionId, latencyMs: 30 + calls });
      keys.replies.set(id, replyOf(turn));
      return turn;
    },
  });
  const headers = { ...(await bearer()), ...key };
  const first = reply.parse(await (await ask(app, headers)).json());
  expect([...keys.rows.values()][0]?.dialogueId).toBe(first.id);
  const again = await ask(app, headers, { query: ' What is RAG? ' });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await again.json()).toEqual(first);
  const streamed = await (await ask(app, headers, { stream: true })).text();
  expect(streamed).toBe(`event: done\ndata: ${JSON.stringify(first)}\n\n`);
  expect(calls).toBe(1);
  expect(await (await ask(app, { ...headers, ...(await bearer()) })).json()).toMatchObject({ latencyMs: 32 });
});

test('a key is rejected for another question, and for the same question while it is being answered', async () => {
  const started = Promise.withResolvers<void>();
  const proceed = Promise.withResolvers<void>();
  await using app = await serveApp({
    ...keepKeys(),
    chat: async ({ id, sessionId }) => {
      started.resolve();
      await proceed.promise;
      return answeredTurn({ id, sessionId });
    },
  });
  const headers = { ...(await bearer()), ...key };
  const first = ask(app, headers);
  await started.promise;
  const other = await ask(app, headers, { query: 'What is BM25?' });
  expect([other.status, problemDocument.parse(await other.json()).type]).toEqual([
    422,
    '/problems/idempotency-key-reused',
  ]);
  const same = await ask(app, headers);
  expect([same.status, same.headers.get('retry-after')]).toEqual([409, '1']);
  proceed.resolve();
  expect((await first).status).toBe(200);
});

test('a failed question releases its key, and a failed release does not hide the failure', async () => {
  const keys = keepKeys();
  const failures = [new ServiceFailure('model_unavailable', 'connection refused')];
  await using app = await serveApp({
    ...keys,
    chat: async ({ id, sessionId }) => {
      const failure = failures.shift();
      if (failure) throw failure;
      return answeredTurn({ id, sessionId });
    },
  });
  const headers = { ...(await bearer()), ...key };
  expect((await ask(app, headers)).status).toBe(503);
  expect((await ask(app, headers)).status).toBe(200);

  await using failing = await serveApp({
    ...keepKeys(),
    chat: () => Promise.reject(new ServiceFailure('overloaded', 'too many')),
    release: () => Promise.reject(new Error('connection refused')),
  });
  const refused = await ask(failing, headers);
  expect(problemDocument.parse(await refused.json()).type).toBe('/problems/overloaded');
  expect(failing.log.some(({ level }) => level === 'warn')).toBe(true);
});

test('a reservation of a crashed server is answered with its own dialogue id', async () => {
  const stale = '01890a5d-ac96-774b-bcce-b302099a8057';
  await using app = await serveApp({ reserve: async () => ({ state: 'new', dialogueId: stale }) });
  expect(await (await ask(app, { ...(await bearer()), ...key })).json()).toMatchObject({ id: stale });
});
