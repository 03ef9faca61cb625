/** What each role may do with plain SQL, with rows of two users. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { insertFailure } from '../../services/postgres/dialogues/failures.ts';
import { insertTurns } from '../../services/postgres/dialogues/insert-turns.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { asRole } from '../kit/database/as-role.ts';
import { insertUser } from '../kit/database/fixtures.ts';
import { queryRows } from '../kit/database/query-rows.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const app = asRole(db.url, 'rag_app');
const recorder = asRole(db.url, 'rag_recorder');
const worker = asRole(db.url, 'rag_worker');
const auditor = asRole(db.url, 'rag_auditor');
const denied = /permission denied/;

const [yuki, ken] = [await insertUser(db, { email: 'yuki@example.com' }), await insertUser(db)];
const turns = { yuki: answeredTurn({ userId: yuki }), ken: answeredTurn({ userId: ken }) };
await insertTurns(db.pool, [turns.yuki, turns.ken]);
for (const [userId, { id }] of [
  [yuki, turns.yuki],
  [ken, turns.ken],
] as const) {
  await db.query(`insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, 'k', 'x', $2)`, [
    userId,
    id,
  ]);
  await db.query(`insert into relevance_judging (dialogue_id, claimed_until) values ($1, now())`, [id]);
  await db.query(
    `insert into erasure_fence (id, user_sha256, asked_until) values ($1, sha256(uuid_send($2::uuid)), 'epoch')`,
    [randomUUID(), userId],
  );
  await db.query(`insert into orphaned_dialogue (id, user_id, dialogue) values ($1, $2, '{}')`, [randomUUID(), userId]);
  await db.query(
    `insert into provenance (content_id, content_type, acquired_by) values (gen_random_uuid(), 'note_article', $1)`,
    [userId],
  );
}

const ofUsers = ['ai_dialogue_log', 'idempotency_key', 'relevance_judging', 'erasure_fence', 'orphaned_dialogue'];
/** Columns of ai_dialogue_log with the text of questions and answers. */
const text = ['query', 'response'];

test.each(ofUsers)("a learner's request sees only the learner's own row of %s", async (table) => {
  expect(await app.run(`select from ${table}`, [], yuki)).toMatchObject({ count: 1 });
  expect(await app.run(`select from ${table}`, [], randomUUID())).toMatchObject({ count: 0 });
});

test.each([...ofUsers, 'provenance'])('without a current user, %s returns no rows and no error', async (table) => {
  const own = table === 'provenance' ? `where content_type = 'ai_response'` : '';
  expect(await app.run(`select from ${table} ${own}`)).toMatchObject({ count: 0 });
  // A transaction that set the user leaves an empty setting on its connection.
  await app.run('select 1', [], ken);
  expect(await app.run(`select from ${table} ${own}`)).toMatchObject({ count: 0 });
});

test("a learner's request sees the provenance of its own answers and of documents, without acquired_by", async () => {
  const seen = await app.run(`select dialogue_id, content_type from provenance order by content_type desc`, [], yuki);
  expect(seen.rows).toEqual([
    { dialogue_id: turns.yuki.id, content_type: 'ai_response' },
    { dialogue_id: null, content_type: 'note_article' },
    { dialogue_id: null, content_type: 'note_article' },
  ]);
  await expect(app.run('select acquired_by from provenance', [], yuki)).rejects.toThrow(denied);
  expect((await app.run('select acquired_by from rag_own_content()', [], yuki)).rows).toEqual([{ acquired_by: yuki }]);
});

test.each([
  ['votes on', `update ai_dialogue_log set user_feedback = -1 where id = $1`, turns.ken.id],
  ['erases', 'delete from ai_dialogue_log where id = $1', turns.ken.id],
  ['erases the provenance of', 'delete from provenance where dialogue_id = $1', turns.ken.id],
  ['erases the judgement of', 'delete from relevance_judging where dialogue_id = $1', turns.ken.id],
  ['releases the key of', 'update idempotency_key set created_at = now() where dialogue_id = $1', turns.ken.id],
  ['deletes the key of', 'delete from idempotency_key where dialogue_id = $1', turns.ken.id],
  [
    'settles the fence of',
    `update erasure_fence set asked_until = now() where user_sha256 = sha256(uuid_send($1::uuid))`,
    ken,
  ],
  ['erases the orphaned dialogues of', 'delete from orphaned_dialogue where user_id = $1', ken],
])("a learner's request that %s another user changes no row", async (_what, sql, value) => {
  expect(await app.run(sql, [value], yuki)).toMatchObject({ count: 0 });
  expect(await app.run(sql, [value])).toMatchObject({ count: 0 });
});

test.each([
  [
    'reserves a key for',
    `insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, 'new', 'x', $1)`,
    ken,
  ],
  [
    'raises a fence against',
    `insert into erasure_fence (id, user_sha256, asked_until) values (gen_random_uuid(), sha256(uuid_send($1::uuid)), now())`,
    ken,
  ],
])("a learner's request that %s another user is rejected", async (_what, sql, value) => {
  await expect(app.run(sql, [value], yuki)).rejects.toThrow('row-level security');
  await expect(app.run(sql, [value])).rejects.toThrow('row-level security');
});

test.each([
  'select from users',
  'select from materials',
  'select from job_run',
  'select from plugin_registry',
  'select from pseudonym_key',
  'select from reporting.answers',
  'select from erasure_receipt',
  'select from rag_find_users(null, null)',
  `insert into ai_dialogue_log (user_id, session_id, query, response, model_used) values (gen_random_uuid(), gen_random_uuid(), '', '', '')`,
  `update ai_dialogue_log set response = 'forged'`,
  `update ai_dialogue_log set user_id = gen_random_uuid()`,
  `update provenance set license_type = 'mit'`,
  `insert into provenance (content_id, content_type) values (gen_random_uuid(), 'material')`,
  'delete from erasure_receipt',
  'delete from passage',
  'truncate ai_dialogue_log',
  'create table mine (id int)',
])("a learner's request cannot run: %s", async (sql) => {
  await expect(app.run(sql, [], yuki)).rejects.toThrow(denied);
});

test('functions that bypass row-level security return data of the current user only', async () => {
  const ownership = (sessionId: string, userId: string) =>
    app.run('select rag_session_ownership($1) as is', [sessionId], userId);
  expect((await ownership(turns.ken.sessionId, ken)).rows).toEqual([{ is: 'own' }]);
  expect((await ownership(turns.ken.sessionId, yuki)).rows).toEqual([{ is: 'taken' }]);
  expect((await ownership(randomUUID(), yuki)).rows).toEqual([{ is: 'unused' }]);
  expect((await app.run('select id, email from rag_own_user()', [], yuki)).rows).toEqual([
    { id: yuki, email: 'yuki@example.com' },
  ]);
  expect((await app.run('select id from rag_own_user()')).rows).toEqual([]);
  expect((await app.run('select rag_delete_own_account() as deleted')).rows).toEqual([{ deleted: 0 }]);
  await expect(app.run(`select rag_ensure_user('x@example.com', 'learner')`)).rejects.toThrow(
    'null value in column "id"',
  );
});

test.each([
  'rag_session_ownership(null)',
  `rag_ensure_user('', '')`,
  'rag_own_user()',
  'rag_own_content()',
  'rag_await_own_writes()',
  'rag_delete_own_account()',
])("only a learner's request may call %s", async (call) => {
  for (const role of [recorder, worker, auditor]) await expect(role.run(`select ${call}`)).rejects.toThrow(denied);
});

test('a security definer function ignores temporary tables of its caller', async () => {
  const client = await app.pool.connect();
  try {
    await client.query(`begin; create temporary table users (id uuid, email text, role text, created_at timestamptz)`);
    await client.query('insert into users values ($1, $2, $3)', [yuki, 'forged@example.com', 'admin']);
    await client.query(`set local search_path = pg_temp, public`);
    await client.query(`select set_config('app.user_id', $1, true)`, [yuki]);
    expect((await client.query('select email from rag_own_user()')).rows).toEqual([{ email: 'yuki@example.com' }]);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('the recorder inserts answers and failures once each, and reads nothing', async () => {
  const turn = answeredTurn({ userId: ken });
  await insertTurns(recorder.pool, [turn]);
  await insertTurns(recorder.pool, [turn]);
  await insertFailure(recorder.pool, { ...turn, outcome: 'failed', failure: { stage: 'record', code: 'internal' } });
  expect(await db.query('select from ai_dialogue_log where id = $1', [turn.id])).toHaveLength(1);
  for (const table of [...ofUsers, 'provenance', 'chat_failure', 'call_cost', 'users', 'passage'])
    await expect(recorder.run(`select from ${table}`)).rejects.toThrow(denied);
  await expect(
    recorder.run(
      `insert into ai_dialogue_log (user_id, session_id, query, response, model_used) values ($1, $1, '', '', '') returning id`,
      [ken],
    ),
  ).rejects.toThrow(denied);
  await expect(recorder.run('update ai_dialogue_log set user_feedback = 1')).rejects.toThrow(denied);
  await expect(recorder.run('delete from ai_dialogue_log')).rejects.toThrow(denied);
  await expect(
    recorder.run(`insert into provenance (content_id, content_type) values (gen_random_uuid(), 'material')`),
  ).rejects.toThrow('row-level security');
});

test('the recorder is refused a turn from before an erasure, without seeing the fence', async () => {
  const erased = await insertUser(db);
  await db.query(
    `insert into erasure_fence (id, user_sha256, asked_until) values ($1, sha256(uuid_send($2::uuid)), 'infinity')`,
    [randomUUID(), erased],
  );
  await expect(insertTurns(recorder.pool, [answeredTurn({ userId: erased })])).rejects.toThrow('erased after it began');
});

test('the worker sees all rows, and may only set the score of an answer', async () => {
  for (const table of ofUsers) expect((await worker.run(`select from ${table}`)).count).toBeGreaterThan(1);
  expect(
    await worker.run('update ai_dialogue_log set relevance_score = 0.7 where id = $1', [turns.ken.id]),
  ).toMatchObject({ count: 1 });
  for (const sql of [
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used) values (gen_random_uuid(), gen_random_uuid(), '', '', '')`,
    `update ai_dialogue_log set response = 'forged'`,
    'update ai_dialogue_log set user_feedback = 1',
    'select from users',
    'update provenance set license_type = null',
    'delete from provenance',
    'insert into erasure_receipt default values',
  ])
    await expect(worker.run(sql)).rejects.toThrow(denied);
  await expect(
    worker.run(`insert into provenance (content_id, content_type) values (gen_random_uuid(), 'ai_response')`),
  ).rejects.toThrow('row-level security');
  expect(
    await worker.run(`update provenance set verification_status = 'forged' where content_type = 'ai_response'`),
  ).toMatchObject({ count: 0 });
});

test('the auditor sees all rows without the text of questions and answers, and changes nothing', async () => {
  expect((await auditor.run('select id, user_id, citations, latency_ms from ai_dialogue_log')).count).toBeGreaterThan(
    1,
  );
  for (const column of [...text, '*'])
    await expect(auditor.run(`select ${column} from ai_dialogue_log`)).rejects.toThrow(denied);
  for (const sql of [
    'select from users',
    'select from idempotency_key',
    'select from orphaned_dialogue',
    'delete from ai_dialogue_log',
    'update provenance set removed_at = now()',
    'delete from erasure_receipt',
  ])
    await expect(auditor.run(sql)).rejects.toThrow(denied);
  expect((await auditor.run('select * from rag_find_users(null, $1) as id', ['yuki@example.com'])).rows).toEqual([
    { id: yuki },
  ]);
});

test("Grafana's role reads only the reporting views, which contain no text and no user ids", async () => {
  const url = new URL(db.superuserUrl);
  url.searchParams.set('options', '-c role=grafana_reader');
  const grafana = (sql: string) => queryRows(url.href, sql);
  const secret = '秘密の質問';
  const turn = answeredTurn({ userId: ken, query: secret, answer: `${secret} answered` });
  await insertTurns(db.pool, [turn]);
  const views = await db.query<{ name: string }>(
    `select viewname as name from pg_views where schemaname = 'reporting'`,
  );
  expect(views.map(({ name }) => name).sort()).toEqual([
    'answers',
    'call_costs',
    'citations',
    'dialogue_retention',
    'failures',
    'jobs',
    'metrics_history',
    'plugin_changes',
    'plugins',
    'provenance',
    'receipts',
    'reconciliation',
    'removals',
    'service_metrics_history',
    'services',
    'syncs',
  ]);
  const all: string[] = [];
  for (const { name } of views) {
    all.push(JSON.stringify(await grafana(`select * from reporting.${name}`)));
  }
  const read = all.join('\n');
  expect(read).toContain(turn.id);
  for (const hidden of [secret, ken, yuki, ...turn.citations.map(({ excerpt }) => excerpt)])
    expect(read).not.toContain(hidden);
  const tables = await db.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind in ('r', 'v') and relnamespace = 'public'::regnamespace`,
  );
  expect(tables.length).toBeGreaterThan(15);
  for (const { name } of tables) await expect(grafana(`select from ${name}`)).rejects.toThrow(denied);
});

test('a user has one pseudonym in all answers, which does not derive from the id alone', async () => {
  const rows = await db.query(`
    select count(distinct user_pseudonym) as pseudonyms, count(distinct user_id) as users,
      bool_or(user_pseudonym = encode(sha256(uuid_send(user_id)), 'hex')) as plain
    from reporting.answers join ai_dialogue_log using (id)`);
  expect(rows).toEqual([{ pseudonyms: 2, users: 2, plain: false }]);
});

test('the owner, without superuser privileges, sees all rows despite forced row-level security', async () => {
  expect(await db.query('select rolsuper or rolbypassrls as free from pg_roles where rolname = current_user')).toEqual([
    { free: false },
  ]);
  const rows = await db.query('select distinct user_id from ai_dialogue_log');
  expect(rows).toHaveLength(2);
});

test('a table of a later migration is accessible to none of the roles', async () => {
  await db.query('create table later (id int)');
  for (const role of [app, recorder, worker, auditor])
    await expect(role.run('select from later')).rejects.toThrow(denied);
});
