import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { bearer, type ServedApp, serveApp } from '../../../test/kit/programs/serve-app.ts';
import type { Question } from '../../chat/flow.ts';
import type { FailedTurn } from '../../chat/turn.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import { reply } from '../api/chat-reply.ts';
import { problemDocument } from '../api/problem.ts';

type Body = NonNullable<RequestInit['body']>;

async function ask(app: ServedApp, body: Body, headers: Record<string, string> = {}) {
  const auth = 'authorization' in headers ? {} : await bearer();
  return fetch(`${app.url}/api/ai/chat`, { method: 'POST', body, headers: { ...auth, ...headers } });
}

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const document = problemDocument.parse(await response.json());
  expect(document.status).toBe(response.status);
  return document;
}

test('the reply contains every documented field', async () => {
  const questions: Question[] = [];
  await using app = await serveApp({
    chat: async (question) => {
      questions.push(question);
      return answeredTurn({ id: question.id, sessionId: question.sessionId, costJpy: null, withheld: 3 });
    },
    settings: { geoHeader: 'X-Country' },
  });
  const id = randomUUID();
  const headers = { ...(await bearer({ id, role: 'teacher' })), 'x-country': 'jp', 'content-type': 'application/json' };
  const response = await ask(app, JSON.stringify({ query: '  検索とは？ ' }), headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const answer = reply.parse(await response.json());
  expect(answer).toEqual({
    id: questions[0]?.id,
    sessionId: questions[0]?.sessionId,
    answer: 'RAG looks things up before it answers. [1]',
    citations: [expect.objectContaining({ source: 'What RAG is', confidence: 0.93, valid: true })],
    citationRate: 100,
    model: 'extractive',
    usage: { promptTokens: 11, completionTokens: 7, totalTokens: 18 },
    costJpy: null,
    latencyMs: 37,
    relevanceScore: 0.83,
    traceId: '0123456789abcdef0123456789abcdef',
    outcome: 'answered',
    finishReason: 'stop',
    license: 'cc_by',
    withheld: 3,
  });
  expect(questions[0]?.query).toBe('検索とは？');
  expect(questions[0]?.requester).toEqual({ userId: id, role: 'teacher', groups: [], ip: '127.0.0.1', country: 'JP' });
});

test('a JSON body is accepted as text/plain and without a media type', async () => {
  await using app = await serveApp();
  expect((await ask(app, JSON.stringify({ query: 'What is RAG?' }))).status).toBe(200);
  expect((await ask(app, new TextEncoder().encode('{"query":"What is RAG?"}'))).status).toBe(200);
});

const bad: [string, Body, number, string | undefined, Record<string, string>?][] = [
  ['an empty body', '', 400, 'body'],
  ['a body that is not JSON', 'query=What', 400, 'body'],
  ['half a JSON document', '{"query":"What', 400, 'body'],
  ['a list', '["What is RAG?"]', 400, 'body'],
  ['null', 'null', 400, 'body'],
  ['no query', '{}', 400, 'query'],
  ['an empty query', '{"query":""}', 400, 'query'],
  ['a blank query', JSON.stringify({ query: ' \t\n\u3000\u200b' }), 400, 'query'],
  ['a query that is a number', '{"query":7}', 400, 'query'],
  ['a query that is null', '{"query":null}', 400, 'query'],
  ['a query that is a list', '{"query":["What is RAG?"]}', 400, 'query'],
  ['a query of 8,001 characters', JSON.stringify({ query: 'あ'.repeat(8_001) }), 400, 'query'],
  ['a NUL character', JSON.stringify({ query: 'What\0is RAG?' }), 400, 'query'],
  ['a lone surrogate', '{"query":"What is \\ud83d RAG?"}', 400, 'query'],
  ['a session id that is not a UUID', '{"query":"What is RAG?","sessionId":"mine"}', 400, 'sessionId'],
  ['a session id that is a number', '{"query":"What is RAG?","sessionId":5}', 400, 'sessionId'],
  ['stream as text', '{"query":"What is RAG?","stream":"yes"}', 400, 'stream'],
  ['an unknown field', '{"query":"What is RAG?","temperature":3}', 400, 'temperature'],
  ['__proto__', '{"query":"What is RAG?","__proto__":{"stream":true}}', 400, '__proto__'],
  ['a body that is not UTF-8', Buffer.from('{"query":"caf\xe9"}', 'latin1'), 400, 'body'],
  ['100 KB', JSON.stringify({ query: 'x'.repeat(100_000) }), 413, undefined],
  ['XML', '<query/>', 415, undefined, { 'content-type': 'application/xml' }],
  ['JSON in Latin-1', '{"query":"a"}', 415, undefined, { 'content-type': 'application/json; charset=iso-8859-1' }],
  ['a compressed body', 'x', 415, undefined, { 'content-encoding': 'gzip' }],
  ['a key with a space', '{"query":"a"}', 400, 'Idempotency-Key', { 'idempotency-key': 'a key' }],
  ['a key of 256 characters', '{"query":"a"}', 400, 'Idempotency-Key', { 'idempotency-key': 'k'.repeat(256) }],
];

test.each(bad)(
  '%s is rejected with a problem document that names the field',
  async (_what, body, status, field, headers) => {
    await using app = await serveApp({ chat: () => Promise.reject(new Error('reached the chat')) });
    const response = await ask(app, body, headers);
    expect(response.status).toBe(status);
    const document = await problem(response);
    expect(document.errors?.map((error) => error.field)).toEqual(field === undefined ? undefined : [field]);
  },
);

test('8,000 characters outside the Basic Multilingual Plane are accepted', async () => {
  await using app = await serveApp();
  expect((await ask(app, JSON.stringify({ query: '𠮷'.repeat(8_000) }))).status).toBe(200);
});

test("another user's session is answered 404 before the chat is called", async () => {
  await using app = await serveApp({
    sessionOwnership: async () => 'taken',
    chat: () => Promise.reject(new Error('reached the chat')),
  });
  const response = await ask(app, JSON.stringify({ query: 'What is RAG?', sessionId: randomUUID() }));
  expect(await problem(response)).toMatchObject({ status: 404, type: '/problems/not-found' });
});

test('any body is answered with a reply or a 4xx problem document', async () => {
  await using app = await serveApp();
  const headers = await bearer();
  const question = fc.record(
    {
      query: fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.anything()),
      sessionId: fc.oneof(fc.uuid(), fc.string(), fc.anything()),
      stream: fc.constantFrom(false, 'true', 1, null),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    question.map((value) => JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? Number(each) : each))),
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 2_000 }),
  );
  await fc.assert(
    fc.asyncProperty(body, async (sent) => {
      const response = await ask(app, typeof sent === 'string' ? sent : Buffer.from(sent), headers);
      if (response.status === 200) reply.parse(await response.json());
      else {
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        await problem(response);
      }
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['model_unavailable', 503, '/problems/model-unavailable', '7'],
  ['database_unavailable', 503, '/problems/database-unavailable', '7'],
  ['overloaded', 503, '/problems/overloaded', '7'],
  ['model_key', 503, '/problems/model-unavailable', '7'],
  ['content_filtered', 422, '/problems/content-filtered', null],
  ['context_exceeded', 422, '/problems/context-exceeded', null],
  ['model_refused', 422, '/problems/model-refused', null],
  ['tool_called', 422, '/problems/tool-called', null],
  ['internal', 500, '/problems/internal', null],
] as const)('a question that fails as %s is answered %i', async (code, status, type, retryAfter) => {
  const secretText = 'value of a user';
  await using app = await serveApp({
    chat: () => Promise.reject(new ServiceFailure(code, secretText, { retryAfterSeconds: 6.2 })),
  });
  const response = await ask(app, JSON.stringify({ query: 'What is RAG?' }));
  expect(response.headers.get('retry-after')).toBe(retryAfter);
  const reason = { err: expect.objectContaining({ code }) };
  const level = status === 500 ? 'error' : 'warn';
  await expect
    .poll(() => app.log)
    .toContainEqual(expect.objectContaining({ level, fields: expect.objectContaining(reason) }));
  const document = await problem(response);
  expect(document).toMatchObject({ status, type });
  expect(JSON.stringify(document)).not.toContain(secretText);
  expect(document.traceId).toBe(status === 500 ? '0af7651916cd43dd8448eb211c80319c' : undefined);
});

test('a question that fails before the chat answers it is observed as failed; an invalid question is not', async () => {
  const failed: FailedTurn[] = [];
  const unavailable = () => Promise.reject(new ServiceFailure('database_unavailable', 'connection refused'));
  const options = { observeFailure: (turn: FailedTurn) => void failed.push(turn) };
  const body = JSON.stringify({ query: 'What is RAG?', sessionId: randomUUID() });
  await using taken = await serveApp({ ...options, sessionOwnership: async () => 'taken' });
  expect((await ask(taken, body)).status).toBe(404);
  expect(failed).toEqual([]);
  await using noUser = await serveApp({ ...options, ensureUser: unavailable });
  await using noOwnership = await serveApp({ ...options, sessionOwnership: () => Promise.reject(new Error('a bug')) });
  await using noReservation = await serveApp({ ...options, reserve: unavailable });
  expect((await ask(noUser, body)).status).toBe(503);
  expect((await ask(noOwnership, body)).status).toBe(500);
  expect((await ask(noReservation, body, { 'idempotency-key': 'once' })).status).toBe(503);
  expect(failed.map(({ outcome, failure }) => [outcome, failure.stage, failure.code])).toEqual([
    ['failed', 'admit', 'database_unavailable'],
    ['failed', 'admit', 'internal'],
    ['failed', 'admit', 'database_unavailable'],
  ]);
});

test('the access log contains method, route and status, and no text of users', async () => {
  await using app = await serveApp();
  await ask(app, JSON.stringify({ query: 'my secret question' }));
  await ask(app, '{"my secret question":1}');
  await fetch(`${app.url}/my-secret-question`);
  await expect.poll(() => app.log.length).toBe(3);
  expect(app.log.map(({ fields }) => [fields.method, fields.route, fields.status])).toEqual([
    ['POST', '/api/ai/chat', 200],
    ['POST', '/api/ai/chat', 400],
    ['GET', 'unmatched', 404],
  ]);
  expect(JSON.stringify(app.log)).not.toMatch(/secret/);
});
