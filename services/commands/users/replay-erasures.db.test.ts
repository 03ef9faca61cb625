import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { type Restored, restoredCopy } from '../../../test/kit/database/backup.ts';
import { insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { insertTurns } from '../../postgres/dialogues/insert-turns.ts';
import { eraseUser } from '../../postgres/erasure/erase-user.ts';
import type { Receipt } from '../../postgres/erasure/receipt-chain.ts';
import { verifyReceipts } from '../../postgres/erasure/verify-receipts.ts';
import { runListErasures } from './list-erasures.ts';
import { runReplayErasures } from './replay-erasures.ts';

const db = await testDatabase();
const now = () => new Date();

async function backup(): Promise<Restored> {
  const restored = await restoredCopy(db);
  onTestFinished(restored.close);
  return restored;
}

async function erase(userId: string, account = false, pool: Pool = db.pool): Promise<Receipt> {
  const receipt = await eraseUser(pool, { userId, account, now });
  if (receipt === 'account_in_use') throw new Error('the account is in use');
  return receipt;
}

const asked = (userId: string, values: Partial<AnsweredTurn> = {}) =>
  answeredTurn({ userId, askedAt: now(), ...values });

async function learner(dialogues: number): Promise<string> {
  const userId = await insertUser(db);
  await insertTurns(
    db.pool,
    Array.from({ length: dialogues }, () => asked(userId)),
  );
  await db.query(`insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, 'k', 'x', $2)`, [
    userId,
    randomUUID(),
  ]);
  return userId;
}

async function list(since?: string, pool: Pool = db.pool): Promise<string> {
  let written = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  const flags = since === undefined ? {} : { since };
  expect(await runListErasures(flags, { pool, output, signal: AbortSignal.timeout(120_000) })).toBe(0);
  return written;
}

async function replay(pool: Pool, lines: string, signal: AbortSignal = AbortSignal.timeout(120_000)) {
  let report = '';
  const write = (text: string) => {
    report += text;
  };
  const deps = { pool, input: Readable.from([lines]), clock: () => performance.now(), write, print: () => {} };
  const code = await runReplayErasures(undefined, { ...deps, signal });
  return { code, report };
}

const dialogues = (restored: Restored, userId: string) =>
  restored.query('select id from ai_dialogue_log where user_id = $1 order by id', [userId]);
const chain = async (from: { query: Restored['query'] }) =>
  (await from.query('select id, hash, replays_id from erasure_receipt order by number')).slice(-2);
const everything = async (restored: Restored) => ({
  dialogues: await restored.query('select id from ai_dialogue_log order by id'),
  provenance: await restored.query('select id from provenance order by id'),
  keys: await restored.query('select user_id, key from idempotency_key order by 1'),
  users: await restored.query('select id from users order by id'),
  receipts: await restored.query('select * from erasure_receipt order by number'),
  fences: await restored.query('select * from erasure_fence order by id'),
});

test('erasures since a backup are repeated on it with their receipts, without touching other users', async () => {
  const [before, since, withAccount, other] = [await learner(2), await learner(7), await learner(3), await learner(5)];
  await erase(before);
  const restored = await backup();
  const receipt = await erase(since);
  const accounts = await erase(withAccount, true);
  expect(await dialogues(restored, since)).toHaveLength(7);

  const { code, report } = await replay(restored.pool, await list());
  expect(report).toMatch(/2 receipts restored, 0 replaced by a new one, 1 already present/);
  expect(report).toContain(
    'erased: 10 ai_dialogue_log, 10 provenance, 0 relevance_judging, 2 idempotency_key, 1 users',
  );
  expect(report).toContain(`chain intact; it ends with ${accounts.hash}`);
  expect(code).toBe(0);
  for (const userId of [before, since, withAccount]) expect(await dialogues(restored, userId)).toEqual([]);
  expect(await dialogues(restored, other)).toHaveLength(5);
  expect(await restored.query(`select from provenance where content_type = 'ai_response'`)).toHaveLength(5);
  expect(await restored.query('select id from users where id = any($1)', [[since, withAccount]])).toEqual([
    { id: since },
  ]);
  expect(await chain(restored)).toMatchObject([{ id: receipt.id }, { id: accounts.id }]);
  // An older backup may be restored next, so the restored database must list the same erasures.
  expect(await list(undefined, restored.pool)).toBe(await list());

  const after = await everything(restored);
  expect(await replay(restored.pool, await list())).toMatchObject({ code: 0 });
  expect(await everything(restored)).toEqual(after);
});

test('orphaned dialogues of a user without any other row are erased from a backup again', async () => {
  const userId = randomUUID();
  await db.query(`insert into orphaned_dialogue (id, user_id, dialogue) values ($1, $2, '{"query": "q"}')`, [
    randomUUID(),
    userId,
  ]);
  const restored = await backup();
  await erase(userId);
  expect(await replay(restored.pool, await list())).toMatchObject({ code: 0 });
  expect(await restored.query('select from orphaned_dialogue where user_id = $1', [userId])).toEqual([]);
});

test('questions asked after the erasure stay, whether the backup was taken before or after them', async () => {
  const userId = await learner(3);
  const early = await backup();
  await erase(userId);
  const kept = asked(userId, { askedAt: new Date(Date.now() + 5) });
  await insertTurns(db.pool, [kept]);
  const late = await backup();
  await replay(late.pool, await list());
  expect(await dialogues(late, userId)).toEqual([{ id: kept.id }]);

  await insertTurns(early.pool, [kept]);
  await replay(early.pool, await list());
  expect(await dialogues(early, userId)).toEqual([{ id: kept.id }]);
});

test('an account that was created or used again after its erasure stays with its rows', async () => {
  const [again, restless] = [await learner(2), await learner(2)];
  const early = await backup();
  await erase(again, true);
  await erase(restless, true);
  await insertUser(db, { id: again });
  const askedAt = new Date(Date.now() + 5);
  const kept = asked(again, { askedAt });
  await insertTurns(db.pool, [kept]);
  const late = await backup();
  expect((await replay(late.pool, await list())).report).not.toContain('kept user');
  expect(await dialogues(late, again)).toEqual([{ id: kept.id }]);

  // The servers ran before the erasures were replayed.
  const meanwhile = asked(restless, { askedAt });
  await insertTurns(early.pool, [meanwhile]);
  expect((await replay(early.pool, await list())).report).toContain(`kept user ${restless}:`);
  expect(await dialogues(early, restless)).toEqual([{ id: meanwhile.id }]);
  expect(await early.query('select from users where id = $1', [again])).toEqual([]);
});

test('an account that LMS tables reference stays and is reported, while its rows are erased', async () => {
  const userId = await learner(3);
  const restored = await backup();
  await erase(userId, true);
  await restored.query('create table enrolment (learner uuid references users (id))');
  await restored.query('insert into enrolment values ($1)', [userId]);
  const { code, report } = await replay(restored.pool, await list());
  expect([code, report]).toEqual([0, expect.stringContaining(`kept user ${userId}:`)]);
  expect(await dialogues(restored, userId)).toEqual([]);
});

test('a receipt whose position is taken is replaced, once, by a new one that names it', async () => {
  const [first, second, third] = [await learner(2), await learner(3), await learner(5)];
  const restored = await backup();
  await erase(second);
  const issued = await erase(third);
  // The restored database has appended a receipt of its own.
  const own = await erase(first, false, restored.pool);
  const lines = await list();
  expect((await replay(restored.pool, lines)).report).toMatch(/0 receipts restored, 2 replaced by a new one/);
  expect(await dialogues(restored, third)).toEqual([]);
  const receipts = await restored.query('select * from erasure_receipt where number > $1 order by number', [
    own.number - 1,
  ]);
  expect(receipts).toMatchObject([
    { id: own.id, replays_id: null },
    { counts: { ai_dialogue_log: 3 } },
    { counts: { ai_dialogue_log: 5 }, replays_id: issued.id, replays_hash: issued.hash },
  ]);
  expect((await verifyReceipts(restored.pool)).fault).toBeNull();
  expect((await replay(restored.pool, lines)).report).toMatch(/0 receipts restored, 0 replaced/);
  await restored.query('update erasure_receipt set replays_hash = $1 where replays_id = $2', [own.hash, issued.id]);
  expect((await verifyReceipts(restored.pool)).fault).toMatch(/altered/);
});

test('a replacement that a second restore lacks is replayed as the original receipt', async () => {
  const [first, second] = [await learner(2), await learner(3)];
  const [restored, older] = [await backup(), await backup()];
  const issued = await erase(second);
  await erase(first, false, restored.pool);
  await replay(restored.pool, await list());
  await erase(first, false, older.pool);
  await erase(first, false, older.pool);
  await replay(older.pool, await list(undefined, restored.pool));
  const replacements = await older.query('select from erasure_receipt where replays_id = $1', [issued.id]);
  expect(replacements).toHaveLength(1);
  expect(await dialogues(older, second)).toEqual([]);
  expect((await verifyReceipts(older.pool)).fault).toBeNull();
});

test('rows restored without their receipt missing are erased again with a new receipt', async () => {
  const userId = await learner(1);
  const returned = [asked(userId), asked(userId)];
  await erase(userId);
  const restored = await backup();
  await restored.query('alter table ai_dialogue_log disable trigger ai_dialogue_log_not_after_erasure');
  await insertTurns(restored.pool, returned);
  const { report } = await replay(restored.pool, await list());
  expect(report).toContain('1 replaced by a new one');
  expect(await dialogues(restored, userId)).toEqual([]);
  expect((await verifyReceipts(restored.pool)).fault).toBeNull();
});

test('a stopped replay reports what is left, and continues when run again', async () => {
  const users = [await learner(1), await learner(1), await learner(1)];
  const restored = await backup();
  for (const userId of users) await erase(userId);
  const stopped = await replay(restored.pool, await list(), AbortSignal.abort());
  expect(stopped.report).toMatch(/stopped: \d+ erasures are left; run the command again/);
  expect((await replay(restored.pool, await list())).report).toContain('3 receipts restored');
  for (const userId of users) expect(await dialogues(restored, userId)).toEqual([]);
});

test('failed and running erasures are not listed', async () => {
  const userId = await learner(2);
  await db.query('create table enrolment (learner uuid references users (id))');
  await db.query('insert into enrolment values ($1)', [userId]);
  const before = await list();
  expect(await eraseUser(db.pool, { userId, account: true, now })).toBe('account_in_use');
  expect(await list()).toBe(before);
  await db.query('drop table enrolment');
});

test('--since lists the erasures from that time on, and rejects an invalid time', async () => {
  await erase(await learner(1));
  const { erasedAt, number } = await erase(await learner(1));
  const lines = (await list(erasedAt.toISOString()))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { type: 'erasure', receipt: { number } },
    { type: 'end', erasures: 1 },
  ]);
  await expect(list('yesterday')).rejects.toThrow('--since: not a time');
});

test('concatenated, overlapping lists can be replayed', async () => {
  const restored = await backup();
  const { erasedAt } = await erase(await learner(1));
  expect((await replay(restored.pool, (await list()) + (await list(erasedAt.toISOString())))).report).toContain(
    '1 receipt restored',
  );
});

test('a truncated list is rejected before anything is changed', async () => {
  const userId = await learner(2);
  const restored = await backup();
  await erase(userId);
  const cut = (await list()).replace(/.*\n$/, '');
  await expect(replay(restored.pool, cut)).rejects.toThrow('the list is truncated');
  expect(await dialogues(restored, userId)).toHaveLength(2);
});

test('a receipt that differs between list and database stops the replay', async () => {
  const userId = await learner(2);
  const { number } = await erase(await learner(1));
  const restored = await backup();
  await erase(userId);
  await restored.query(`update erasure_receipt set hash = repeat('7', 64) where number = $1`, [number]);
  await expect(replay(restored.pool, await list())).rejects.toThrow(`receipt ${number} differs`);
  expect(await dialogues(restored, userId)).toHaveLength(2);
});
