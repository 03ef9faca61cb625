import { createHash, randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { expect, test } from 'vitest';
import { erasureReceipt } from '../../services/http/routes/me/erase.ts';
import { exportLine } from '../../services/http/routes/me/export.ts';
import { insertTurns } from '../../services/postgres/dialogues/insert-turns.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { insertUser } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { startModelServer } from '../kit/servers/model-server.ts';
import { tcpProxy } from '../kit/servers/tcp-proxy.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
const chat = await runChat(db.url);

async function as(user: string): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await chat.token(user)}` };
}

async function exported(user: string) {
  const response = await fetch(`${chat.origin}/api/me/export`, { headers: await as(user) });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const lines = (await response.text()).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => exportLine.parse(JSON.parse(line)));
}

async function erase(user: string, query = '') {
  const response = await fetch(`${chat.origin}/api/me${query}`, { method: 'DELETE', headers: await as(user) });
  expect(response.status).toBe(200);
  return erasureReceipt.parse(await response.json());
}

/** A user with large answers, so that an export exceeds the network buffers. */
async function userWithLargeAnswers(dialogues: number): Promise<string> {
  const userId = await insertUser(db);
  await db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used)
     select $1, $1, 'q', repeat('あいうえお', 4000), 'extractive' from generate_series(1, $2)`,
    [userId, dialogues],
  );
  return userId;
}

const openExports = () =>
  db.query(
    `select from pg_stat_activity where application_name = 'rag-export' and datname = current_database()
     and state <> 'idle'`,
  );

test('a learner exports and erases everything; another learner’s data remains', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  for (const [user, query] of [
    [one, 'What is RAG?'],
    [other, '検索拡張生成とは何ですか？'],
    [one, 'What is a citation?'],
  ] as const) {
    const headers = { 'idempotency-key': randomUUID() };
    expect((await chat.ask({ query }, { token: await chat.token(user), headers })).status).toBe(200);
  }
  const before = await exported(one);
  expect(before.map(({ type }) => type)).toEqual([
    'user',
    'dialogue',
    'dialogue',
    'provenance',
    'provenance',
    'idempotency_key',
    'idempotency_key',
    'end',
  ]);
  expect(JSON.stringify(before)).not.toContain('検索拡張生成とは何ですか');
  const receipt = await erase(one);
  expect(receipt).toMatchObject({
    account: false,
    counts: { ai_dialogue_log: 2, provenance: 2, relevance_judging: 0, idempotency_key: 2, users: 0 },
  });
  // As docs/learner-rights.md says.
  const { hash, previousHash, account, counts, erasedAt, id, number } = receipt;
  const sorted = Object.fromEntries(Object.entries(counts).sort());
  const text = `${previousHash}\n${JSON.stringify({ account, counts: sorted, erasedAt, id, number })}`;
  expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
  expect((await exported(one)).map(({ type }) => type)).toEqual(['user', 'end']);
  expect((await exported(other)).map(({ type }) => type)).toEqual([
    'user',
    'dialogue',
    'provenance',
    'idempotency_key',
    'end',
  ]);
  expect((await erase(one)).counts).toMatchObject({ ai_dialogue_log: 0, idempotency_key: 0 });
  expect(chat.logged.join('\n')).not.toContain(one);
});

test('a user who erases the account with ?account=true and asks again is a new user on the same server', async () => {
  const user = randomUUID();
  const token = await chat.token(user);
  await chat.ask({ query: 'What is RAG?' }, { token });
  expect(await erase(user, '?account=true')).toMatchObject({ account: true, counts: { ai_dialogue_log: 1, users: 1 } });
  expect(await db.query('select from users where id = $1', [user])).toEqual([]);
  expect((await chat.ask({ query: 'What is RAG?' }, { token })).status).toBe(200);
});

test('a question in progress during the erasure of its user leaves no row, and the next one does', async () => {
  const model = await startModelServer();
  const slow = await runChat(db.url, { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'gpt-4o-mini', LLM_API_KEY: 'k' });
  await db.query('update provenance set external_share_consent = true');
  const user = randomUUID();
  const token = await slow.token(user);
  model.behave({ kind: 'answer', pieces: ['It looks things up [1].'], firstAfterMs: 1_500 });
  const arrived = model.nextRequest();
  const asking = slow.ask({ query: 'What is RAG?' }, { token, headers: { 'idempotency-key': 'once' } });
  await arrived;
  const headers = { authorization: `Bearer ${token}` };
  const erased = await fetch(`${slow.origin}/api/me`, { method: 'DELETE', headers });
  expect(erased.status).toBe(200);
  const response = await asking;
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ type: '/problems/question-cancelled' });
  expect(await db.query('select from ai_dialogue_log where user_id = $1', [user])).toEqual([]);
  expect(await db.query('select from idempotency_key where user_id = $1', [user])).toEqual([]);
  expect(await db.query(`select from chat_failure`)).toEqual([]);
  model.behave({ kind: 'answer', pieces: ['It looks things up [1].'] });
  expect((await slow.ask({ query: 'What is RAG?' }, { token })).status).toBe(200);
  expect(await db.query('select from ai_dialogue_log where user_id = $1', [user])).toHaveLength(1);
  await slow.close();
  await model.close();
});

test('another server reports an erased account, and its next question creates the account again', async () => {
  const second = await runChat(db.url);
  const users = [randomUUID(), randomUUID()] as const;
  for (const [index, user] of users.entries()) {
    const token = await second.token(user);
    const question = { query: 'What is RAG?' };
    expect((await second.ask(question, { token })).status).toBe(200);
    await erase(user, '?account=true');
    // The second server has just seen the row in users.
    const headers: Record<string, string> = index === 0 ? {} : { 'idempotency-key': 'again' };
    const cancelled = await second.ask(question, { token, headers });
    expect(cancelled.status).toBe(409);
    expect(await cancelled.json()).toMatchObject({
      type: '/problems/question-cancelled',
      detail: expect.stringContaining('Ask again'),
    });
    expect((await second.ask(question, { token, headers })).status).toBe(200);
    expect(await db.query('select from ai_dialogue_log where user_id = $1', [user])).toHaveLength(1);
  }
  expect(await db.query('select from chat_failure')).toEqual([]);
  await second.close();
});

test.each([
  ['DELETE', '/api/me', {}, 401],
  ['GET', '/api/me/export', {}, 401],
  ['DELETE', '/api/me', { 'sec-fetch-site': 'cross-site' }, 403],
  ['DELETE', '/api/me?account=maybe', { 'sec-fetch-site': 'same-origin' }, 400],
  ['DELETE', '/api/me?user=other', { 'sec-fetch-site': 'same-origin' }, 400],
])('%s %s with %o returns %i and erases nothing', async (method, path, headers, status) => {
  const user = randomUUID();
  const token = await chat.token(user);
  await chat.ask({ query: 'What is RAG?' }, { token });
  const cookie = status === 401 ? '' : `rag_token=${token}`;
  const response = await fetch(chat.origin + path, {
    method,
    headers: { ...headers, cookie } as Record<string, string>,
  });
  expect(response.status).toBe(status);
  expect(await db.query('select from ai_dialogue_log where user_id = $1', [user])).toHaveLength(1);
});

test('a client that disconnects during an export ends its transaction', async () => {
  const headers = await as(await userWithLargeAnswers(400));
  const request = get(`${chat.origin}/api/me/export`, { headers });
  request.on('error', () => {});
  await new Promise<void>((resolve) => request.on('response', (response) => response.once('data', () => resolve())));
  expect(await openExports()).toHaveLength(1);
  request.destroy();
  await expect.poll(openExports).toEqual([]);
});

test('when the database connection is lost, the export ends without its last line', async () => {
  const user = await userWithLargeAnswers(700);
  const { hostname, port } = new URL(db.url);
  const proxy = await tcpProxy({ host: hostname, port: Number(port) });
  const through = new URL(db.url);
  through.port = String(proxy.port);
  const far = await runChat(through.href);
  const headers = { authorization: `Bearer ${await far.token(user)}` };
  const response = await fetch(`${far.origin}/api/me/export`, { headers });
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? '';
  expect(text).toMatch(/^\{"type":"user"/);
  proxy.cut();
  const rest = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  };
  await expect(rest()).rejects.toThrow();
  expect(text).not.toContain('"type":"end"');
  const refused = await fetch(`${far.origin}/api/me/export`, { headers });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  await far.close();
  await proxy.close();
});

test('HEAD describes the export and reads no rows', async () => {
  const response = await fetch(`${chat.origin}/api/me/export`, {
    method: 'HEAD',
    headers: await as(await userWithLargeAnswers(3)),
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  await expect.poll(openExports).toEqual([]);
});

test('the export also contains rows that another program wrote', async () => {
  const userId = await insertUser(db);
  await db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used) values ($1, $1, 'q', 'a', 'm')`,
    [userId],
  );
  await insertTurns(db.pool, [answeredTurn({ userId })]);
  expect((await exported(userId)).map(({ type }) => type)).toEqual([
    'user',
    'dialogue',
    'dialogue',
    'provenance',
    'end',
  ]);
});
