/** Runs the steps of docs/growth.md to monthly partitions during traffic. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AnsweredTurn } from '../../services/chat/turn.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { isUnavailable } from '../../services/postgres/client/errors.ts';
import { asUser, inTransaction } from '../../services/postgres/client/transaction.ts';
import { listDialogues } from '../../services/postgres/dialogues/dialogues.ts';
import { insertTurns } from '../../services/postgres/dialogues/insert-turns.ts';
import { createRecorder } from '../../services/postgres/dialogues/recorder.ts';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { insertUser } from '../kit/database/fixtures.ts';
import { schemaObjects } from '../kit/database/schema-objects.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';

const db = await testDatabase();
const step = (name: string) => readFileSync(new URL(`../../docs/growth/${name}.sql`, import.meta.url), 'utf8');
const inOne = (name: string) => inTransaction(db.pool, (client) => client.query(step(name)));

async function inOneAgain(name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await inOne(name);
      return;
    } catch (error) {
      if (tries === 50 || !isUnavailable(error)) throw error;
    }
  }
}

/** `create index concurrently` must be the only statement of a query. */
async function build(): Promise<void> {
  const statements = step('2-build')
    .replace(/^--.*$/gm, '')
    .split(';');
  for (const statement of statements.filter((text) => text.trim() !== '')) await db.query(statement);
}

test('the table is partitioned during traffic without loss, and histories and daily metrics are unchanged', {
  timeout: 120_000,
}, async () => {
  const old = await insertUser(db);
  const asking = await insertUser(db);
  const months = ['2026-01-31T14:59:59.999Z', '2026-01-31T15:00:00.000Z', '2026-04-07T03:00:00.000Z'];
  const before = Array.from({ length: 301 }, (_, index) =>
    answeredTurn({ userId: old, askedAt: new Date(months[index % 3] as string), latencyMs: 101 + index }),
  );
  await insertTurns(db.pool, before);
  await db.query('insert into relevance_judging (dialogue_id, claimed_until) values ($1, now())', [before[7]?.id]);
  const page = () =>
    inTransaction(db.pool, (client) =>
      listDialogues(client, { userId: old, limit: 20, before: before[5]?.id ?? null }),
    );
  const period = { from: new Date('2026-01-01T15:00:00Z'), to: new Date('2026-04-30T15:00:00Z') };
  const seen = [await page(), await measurePeriod(db.pool, period)];

  await ingestSampleDocuments(db.url);
  const chat = await runChat(db.url);
  const pool = connect(db.url, { name: 'recorder', max: 1 });
  const recorder = createRecorder({
    insert: (turns) => insertTurns(pool, turns),
    deadlineMs: 20_000,
    limit: 100,
    count: () => {},
  });
  const recorded: AnsweredTurn[] = [];
  let over = false;
  const callers = Array.from({ length: 7 }, async () => {
    while (!over) {
      const turn = answeredTurn({ userId: asking, askedAt: new Date() });
      await recorder.record(turn);
      recorded.push(turn);
    }
  });
  const replies: number[] = [];
  const chats = (async () => {
    while (!over) replies.push((await chat.ask({ query: 'What is RAG?' })).status);
  })();

  // First to step 2 and back, like an aborted attempt.
  const whole = await schemaObjects(db.url);
  await inOneAgain('1-prepare');
  await build();
  await inOneAgain('undo');
  expect(await schemaObjects(db.url)).toEqual(whole);
  await inOneAgain('1-prepare');
  await inOneAgain('undo');
  expect(await schemaObjects(db.url)).toEqual(whole);

  await inOneAgain('1-prepare');
  await build();
  await inOneAgain('3-swap');
  await db.query(step('4-validate'));
  const done = recorded.length;
  await expect.poll(() => recorded.length).toBeGreaterThan(done + 70);
  over = true;
  await Promise.all([...callers, chats]);

  expect(replies.filter((status) => status !== 200)).toEqual([]);
  const [counts] = await db.query(
    `select count(*) as dialogues, count(distinct dialogue.id) as ids, count(origin.id) as origins
     from ai_dialogue_log dialogue left join provenance origin on origin.dialogue_id = dialogue.id
     where dialogue.user_id = $1`,
    [asking],
  );
  expect(counts).toEqual({ dialogues: recorded.length, ids: recorded.length, origins: recorded.length });
  expect([await page(), await measurePeriod(db.pool, period)]).toEqual(seen);
  await Promise.all([pool.end(), chat.close()]);
});

test('the constraints and policies of the table hold afterwards', async () => {
  const userId = await insertUser(db);
  const turn = answeredTurn({ userId, askedAt: new Date() });
  await insertTurns(db.pool, [turn]);
  await insertTurns(db.pool, [turn]);
  expect(await db.query('select id from ai_dialogue_log where user_id = $1', [userId])).toEqual([{ id: turn.id }]);

  // In the partition of its month in Tokyo, or in the default partition.
  const later = answeredTurn({ userId, askedAt: new Date(Date.now() + 90 * 86_400_000) });
  const farAway = answeredTurn({ userId, askedAt: new Date('2101-03-07T00:00:00Z') });
  await insertTurns(db.pool, [later, farAway]);
  const [{ month } = { month: '' }] = await db.query<{ month: string }>(
    `select to_char($1::timestamptz at time zone 'Asia/Tokyo', 'YYYY_MM') as month`,
    [later.askedAt],
  );
  const parts = await db.query<{ part: string }>(
    'select tableoid::regclass::text as part from ai_dialogue_log where user_id = $1 order by created_at',
    [userId],
  );
  expect(parts.map(({ part }) => part)).toEqual([
    'ai_dialogue_log_before',
    `ai_dialogue_log_${month}`,
    'ai_dialogue_log_otherwise',
  ]);

  // A learner's request still sees only these, because policies refer to the whole table, not to its first partition.
  const learner = connect(db.url, { name: 'learner', max: 1, role: 'rag_app' });
  const seen = await asUser(learner, userId, (client) => listDialogues(client, { userId, limit: 7, before: null }));
  expect(seen.map(({ id, license }) => [id, license])).toEqual([farAway, later, turn].map(({ id }) => [id, 'cc_by']));
  const others = await asUser(learner, await insertUser(db), (client) =>
    client.query('select from ai_dialogue_log union all select from provenance where dialogue_id is not null'),
  );
  expect(others.rows).toEqual([]);
  await learner.end();
  expect(
    await db.query(
      `select classid::regclass, objid from pg_depend
       where refobjid = 'ai_dialogue_log_before'::regclass and (
         classid = 'pg_rewrite'::regclass
         or objid in (select oid from pg_policy where polrelid <> 'ai_dialogue_log_before'::regclass)
       )`,
    ),
  ).toEqual([]);

  // In each partition, also where the check is not validated.
  for (const { id } of [turn, later, farAway]) {
    await expect(
      db.query(`update ai_dialogue_log set token_cost_jpy = 'NaN' where id = $1`, [id]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'ai_dialogue_log_token_cost_jpy_number' });
  }
  await expect(
    db.query(`insert into provenance (content_id, content_type) values (gen_random_uuid(), 'ai_response')`),
  ).rejects.toMatchObject({ code: '23503' });
  await db.query('insert into relevance_judging (dialogue_id, claimed_until) values ($1, now())', [later.id]);
  await db.query(
    `insert into erasure_fence (id, user_sha256, asked_until) values (gen_random_uuid(), sha256(uuid_send($1)), now())`,
    [userId],
  );
  await expect(insertTurns(db.pool, [answeredTurn({ userId, askedAt: new Date(0) })])).rejects.toMatchObject({
    code: '23E01',
  });
  await db.query('delete from users where id = $1', [userId]);
  expect(
    await db.query(
      `select (select count(*) from ai_dialogue_log where user_id = $1) as dialogues,
         (select count(*) from provenance where dialogue_id = any($2)) as origins,
         (select count(*) from relevance_judging where dialogue_id = any($2)) as judgings`,
      [userId, [turn.id, later.id, farAway.id]],
    ),
  ).toEqual([{ dialogues: 0, origins: 0, judgings: 0 }]);
});
