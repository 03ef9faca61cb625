import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { insertMaterial, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { connect } from '../client/connect.ts';
import { asActor } from '../client/transaction.ts';
import { insertTurns } from '../dialogues/insert-turns.ts';
import { createRecorder } from '../dialogues/recorder.ts';
import { eraseUser } from './erase-user.ts';
import { deleteOldErasureFences, raiseErasureFence } from './fences.ts';
import type { Receipt } from './receipt-chain.ts';
import { verifyReceipts } from './verify-receipts.ts';

const db = await testDatabase();
const now = () => new Date();

async function erase(userId: string, account = false): Promise<Receipt> {
  const receipt = await eraseUser(db.pool, { userId, account, now });
  if (receipt === 'account_in_use') throw new Error('the account is in use');
  return receipt;
}

const asked = (userId: string, values: Partial<AnsweredTurn> = {}) =>
  answeredTurn({ userId, askedAt: now(), ...values });

/** Counts a user's rows by table. */
async function rowsOf(userId: string): Promise<Record<string, number>> {
  const [row] = await db.query<Record<string, number>>(
    `select
       (select count(*) from ai_dialogue_log where user_id = $1) as ai_dialogue_log,
       (select count(*) from provenance p join ai_dialogue_log d on d.id = p.dialogue_id where d.user_id = $1) as provenance,
       (select count(*) from relevance_judging j join ai_dialogue_log d on d.id = j.dialogue_id where d.user_id = $1)
         as relevance_judging,
       (select count(*) from idempotency_key where user_id = $1) as idempotency_key,
       (select count(*) from users where id = $1) as users`,
    [userId],
  );
  return row ?? {};
}

async function learner(dialogues: number, keys: number): Promise<string> {
  const userId = await insertUser(db, { email: `${randomUUID()}@example.com` });
  const turns = Array.from({ length: dialogues }, () => asked(userId));
  await insertTurns(db.pool, turns);
  await db.query(`insert into relevance_judging (dialogue_id, claimed_until) values ($1, now())`, [turns[0]?.id]);
  for (let key = 0; key < keys; key += 1) {
    await db.query(`insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, $2, 'x', $3)`, [
      userId,
      `key-${key}`,
      randomUUID(),
    ]);
  }
  return userId;
}

test('an erasure deletes everything recorded about the user, and nothing of other users', async () => {
  const [one, other] = [await learner(7, 3), await learner(5, 2)];
  const receipt = await erase(one);
  const counts = { ai_dialogue_log: 7, provenance: 7, relevance_judging: 1, idempotency_key: 3, users: 0 };
  expect(receipt).toMatchObject({ account: false, counts });
  expect(await rowsOf(one)).toEqual({
    ai_dialogue_log: 0,
    provenance: 0,
    relevance_judging: 0,
    idempotency_key: 0,
    users: 1,
  });
  expect(await rowsOf(other)).toEqual({
    ai_dialogue_log: 5,
    provenance: 5,
    relevance_judging: 1,
    idempotency_key: 2,
    users: 1,
  });
  expect(await db.query(`select count(*) from provenance where content_type = 'ai_response'`)).toEqual([{ count: 5 }]);
});

test('an erasure without data, and of an unknown user, returns a receipt of zeros', async () => {
  const none = { ai_dialogue_log: 0, provenance: 0, relevance_judging: 0, idempotency_key: 0, users: 0 };
  const userId = await learner(3, 0);
  const first = await erase(userId);
  const again = await erase(userId);
  expect(again).toMatchObject({ number: first.number + 1, previousHash: first.hash, counts: none });
  expect((await erase(randomUUID(), true)).counts).toEqual(none);
  expect((await verifyReceipts(db.pool)).fault).toBeNull();
});

test('an erasure with the account deletes the row in users; materials stay, without their author', async () => {
  const userId = await learner(3, 1);
  const contentId = await insertMaterial(db);
  await db.query(`insert into provenance (content_id, content_type, acquired_by) values ($1, 'material', $2)`, [
    contentId,
    userId,
  ]);
  expect((await erase(userId, true)).counts).toMatchObject({ ai_dialogue_log: 3, users: 1 });
  expect(await rowsOf(userId)).toMatchObject({ users: 0 });
  expect(
    await db.query('select m.title, p.acquired_by from materials m join provenance p on p.material_id = m.id'),
  ).toEqual([{ title: 'A material', acquired_by: null }]);
});

test('an account that LMS tables reference is kept with all recorded data', async () => {
  const userId = await learner(3, 1);
  await db.query('create table enrolment (id int, learner uuid references users (id))');
  try {
    await db.query('insert into enrolment values (1, $1)', [userId]);
    expect(await eraseUser(db.pool, { userId, account: true, now })).toBe('account_in_use');
    expect(await rowsOf(userId)).toMatchObject({ ai_dialogue_log: 3, users: 1 });
    await db.query('truncate enrolment');
    await db.query('alter table enrolment drop constraint enrolment_learner_fkey');
    await db.query('alter table enrolment add foreign key (learner) references users (id) on delete cascade');
    expect(await eraseUser(db.pool, { userId, account: true, now })).toBe('account_in_use');
    // The abandoned erasure does not block the user's questions.
    await insertTurns(db.pool, [asked(userId)]);
    expect(await rowsOf(userId)).toMatchObject({ ai_dialogue_log: 4 });
  } finally {
    await db.query('drop table enrolment');
  }
});

test('neither the receipt nor any other row identifies the erased user', async () => {
  const email = 'hanako.yamada@example.com';
  const userId = await insertUser(db, { email });
  const session = randomUUID();
  const turn = asked(userId, { query: 'my secret question', answer: 'my secret answer', sessionId: session });
  await insertTurns(db.pool, [turn]);
  const receipt = await erase(userId, true);
  const left = await db.query(`select * from erasure_receipt where id = $1`, [receipt.id]);
  expect(left).toHaveLength(1);
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  for (const { name } of tables) {
    const rows = JSON.stringify(await db.query(`select * from "${name}"`));
    const traces = [userId, email, session, turn.id, 'my secret'].filter((trace) => rows.includes(trace));
    expect([name, traces]).toEqual([name, []]);
  }
});

test('the audit of sources keeps the changes of an erased administrator, without the id', async () => {
  const [userId, other] = [await insertUser(db), await insertUser(db)];
  for (const actor of [userId, other]) {
    await asActor(db.pool, `user:${actor}`, (client) =>
      client.query(
        `update plugin_registry set sync_every_minutes = coalesce(sync_every_minutes, 0) + 7 where source = 'note'`,
      ),
    );
  }
  await erase(userId);
  const rows = await db.query('select actor, change from plugin_registry_audit order by at desc, id desc limit 2');
  expect(rows.map(({ actor }) => actor)).toEqual([`user:${other}`, 'user:erased']);
  expect(Object.keys(rows[1]?.change)).toContain('sync_every_minutes');
});

test('concurrent erasures form one chain', async () => {
  const users = await Promise.all(Array.from({ length: 9 }, () => insertUser(db)));
  const before = (await verifyReceipts(db.pool)).head?.receipts ?? 0;
  const receipts = await Promise.all(users.map((userId) => erase(userId)));
  expect(receipts.map(({ number }) => number - before).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await verifyReceipts(db.pool)).toMatchObject({ fault: null, head: { receipts: before + 9 } });
});

test('an erasure waits for rows being committed, and erases them', async () => {
  const userId = await insertUser(db);
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await insertTurns(client as unknown as Pool, [asked(userId)]);
    const erasing = erase(userId);
    await expect
      .poll(() =>
        db.query(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`),
      )
      .toHaveLength(1);
    await client.query('commit');
    expect((await erasing).counts).toMatchObject({ ai_dialogue_log: 1, provenance: 1 });
  } finally {
    client.release();
  }
  expect(await rowsOf(userId)).toMatchObject({ ai_dialogue_log: 0 });
});

test('turns of an erased user that wait in a recorder are rejected, and later questions are recorded', async () => {
  const [erased, other] = [await insertUser(db), await insertUser(db)];
  const pool = connect(db.url, { name: 'recorder', max: 1 });
  const proceed = Promise.withResolvers<void>();
  const counts = { received: 0, stored: 0, rejected: 0 };
  const recorder = createRecorder({
    insert: async (turns) => {
      await proceed.promise;
      await insertTurns(pool, turns);
    },
    deadlineMs: 20_000,
    limit: 100,
    count: (state) => {
      counts[state] += 1;
    },
  });
  const waiting = [asked(other), asked(erased), asked(other), asked(erased), asked(other)];
  const results = Promise.allSettled(waiting.map(recorder.record));
  await erase(erased);
  proceed.resolve();
  expect((await results).map(({ status }) => status)).toEqual(
    waiting.map(({ userId }) => (userId === erased ? 'rejected' : 'fulfilled')),
  );
  expect((await results).filter(({ status }) => status === 'rejected')).toMatchObject([
    { reason: { code: 'cancelled' } },
    { reason: { code: 'cancelled' } },
  ]);
  expect([await rowsOf(erased), await rowsOf(other)]).toMatchObject([{ ai_dialogue_log: 0 }, { ai_dialogue_log: 3 }]);
  const later = asked(erased, { askedAt: new Date(Date.now() + 5) });
  await recorder.record(later);
  expect(await rowsOf(erased)).toMatchObject({ ai_dialogue_log: 1, provenance: 1 });
  expect(counts).toEqual({ received: 6, stored: 4, rejected: 2 });
  await pool.end();
});

test('no turn asked before an erasure exists after it, however erasures and commits interleave', async () => {
  const userId = await insertUser(db);
  const pool = connect(db.url, { name: 'recorder', max: 1 });
  const recorder = createRecorder({
    insert: (turns) => insertTurns(pool, turns),
    deadlineMs: 20_000,
    limit: 1_000,
    count: () => {},
  });
  for (let round = 0; round < 10; round += 1) {
    const before = Array.from({ length: 5 }, () => asked(userId));
    const recorded = Promise.allSettled(before.map(recorder.record));
    // Sometimes the first commit is on its way, sometimes done.
    for (let turn = 0; turn < round % 5; turn += 1) await db.query('select 1');
    await erase(userId);
    await recorded;

    const ids = before.map(({ id }) => id);
    expect(await db.query('select id from ai_dialogue_log where id = any($1)', [ids])).toEqual([]);
    expect(await db.query('select id from provenance where content_id = any($1)', [ids])).toEqual([]);
  }
  await pool.end();
});

test('a fence is deleted once no backup predates the erasure, and the fence of an abandoned erasure earlier', async () => {
  await db.query('delete from erasure_fence');
  await erase(await insertUser(db));
  const fence = { id: randomUUID(), userId: randomUUID(), askedUntil: now() };
  await raiseErasureFence(db.pool, fence);
  const at = (ms: number) => new Date(Date.now() + ms);
  const fences = () => db.query('select id, receipt_id is null as "abandoned" from erasure_fence order by 2');
  expect(await deleteOldErasureFences(db.pool, { doneBefore: at(-60_000), abandonedBefore: at(-60_000) })).toBe(0);
  expect(await fences()).toMatchObject([{ abandoned: false }, { id: fence.id, abandoned: true }]);
  expect(await deleteOldErasureFences(db.pool, { doneBefore: at(-60_000), abandonedBefore: at(60_000) })).toBe(1);
  expect(await fences()).toMatchObject([{ abandoned: false }]);
  expect(await deleteOldErasureFences(db.pool, { doneBefore: at(60_000), abandonedBefore: at(-60_000) })).toBe(1);
  expect(await fences()).toEqual([]);
});
