/** Requests every route for another user's rows, on a chat server whose login has only its three roles. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeLogin } from '../kit/database/login.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
const chat = await runChat(await makeLogin(db, ['rag_app', 'rag_recorder', 'rag_auditor']));

type Answer = { id: string; sessionId: string };
const [yuki, ken] = [randomUUID(), randomUUID()];
const tokens = {
  yuki: await chat.token(yuki),
  ken: await chat.token(ken),
  admin: await chat.token(randomUUID(), 'admin'),
};

async function call(method: string, path: string, token: string, body?: unknown) {
  const response = await fetch(chat.origin + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

async function ask(token: string, query: string, headers = {}): Promise<Answer> {
  const response = await chat.ask({ query }, { token, headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const questions = { yuki: 'What is RAG?', ken: 'What does CC BY allow?' };
const answers = { yuki: await ask(tokens.yuki, questions.yuki), ken: await ask(tokens.ken, questions.ken) };
const rowsOf = (userId: string) => db.query('select id from ai_dialogue_log where user_id = $1', [userId]);

test("a learner's history and export contain only their own questions", async () => {
  for (const path of ['/api/ai/dialogues', '/api/me/export']) {
    const { status, text } = await call('GET', path, tokens.yuki);
    expect(status).toBe(200);
    expect(text).toContain(answers.yuki.id);
    for (const others of [answers.ken.id, ken, questions.ken]) expect(text).not.toContain(others);
  }
  const before = await call('GET', `/api/ai/dialogues?before=${answers.ken.id}`, tokens.yuki);
  expect(before.text).not.toContain(answers.ken.id);
});

test("a vote on another user's answer returns not found, and does not change it", async () => {
  const path = `/api/ai/dialogues/${answers.ken.id}/feedback`;
  expect((await call('POST', path, tokens.yuki, { vote: -1 })).status).toBe(404);
  expect((await call('POST', path, tokens.ken, { vote: 1 })).status).toBeLessThan(300);
  expect(await db.query('select user_feedback from ai_dialogue_log where id = $1', [answers.ken.id])).toEqual([
    { user_feedback: 1 },
  ]);
});

test("another user's session is not found, and no question is added to it", async () => {
  const { sessionId } = answers.ken;
  const refused = await chat.ask({ query: questions.yuki, sessionId }, { token: tokens.yuki });
  expect(refused.status).toBe(404);
  expect((await chat.ask({ query: questions.ken, sessionId }, { token: tokens.ken })).status).toBe(200);
  expect(await db.query('select distinct user_id from ai_dialogue_log where session_id = $1', [sessionId])).toEqual([
    { user_id: ken },
  ]);
});

test('the same Idempotency-Key of two learners is treated as two keys', async () => {
  const headers = { 'Idempotency-Key': 'the-same' };
  const own = await ask(tokens.yuki, questions.yuki, headers);
  const other = await ask(tokens.ken, questions.yuki, headers);
  expect(other.id).not.toBe(own.id);
  expect((await ask(tokens.yuki, questions.yuki, headers)).id).toBe(own.id);
});

test.each([
  '/api/admin/rag-metrics',
  '/api/admin/rag-metrics/history?days=7',
  '/api/admin/error-budgets',
  '/api/admin/alerts',
  '/api/admin/worst-answers?days=7&limit=100',
  '/api/admin/provenance',
  '/api/admin/provenance?contentType=ai_response',
  '/api/admin/provenance/expiring?days=30',
  '/dashboard/metrics',
])('an administrator may read %s, which has no text of questions or answers; a learner may not', async (path) => {
  const { status, text } = await call('GET', path, tokens.admin);
  expect(status).toBe(200);
  for (const question of Object.values(questions)) expect(text).not.toContain(question);
  const learners = await call('GET', path, tokens.yuki);
  if (path.startsWith('/api')) expect(learners.status).toBe(403);
  else expect([text, learners.text].map((page) => page.includes('data-testid="totals"'))).toEqual([true, false]);
});

test("an erasure deletes only the user's own rows", async () => {
  const kept = await rowsOf(ken);
  const { status, text } = await call('DELETE', '/api/me?account=true', tokens.yuki);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ account: true, counts: { users: 1 } });
  expect(await rowsOf(yuki)).toEqual([]);
  expect(await rowsOf(ken)).toEqual(kept);
  expect(await db.query('select from users where id = $1', [ken])).toHaveLength(1);
  expect((await call('GET', '/api/ai/dialogues', tokens.yuki)).text).not.toContain(questions.ken);
});

test('no statement of the server was denied: each part uses a role with sufficient privileges', () => {
  expect(chat.logged.filter((line) => /permission denied|row-level security|cannot take the role/.test(line))).toEqual(
    [],
  );
});
