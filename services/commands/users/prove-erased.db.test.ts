import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { insertMaterial, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { insertTurns } from '../../postgres/dialogues/insert-turns.ts';
import { eraseUser } from '../../postgres/erasure/erase-user.ts';
import { parseUserName } from './find-user.ts';
import { runVerifyReceipts } from './verify-receipts.ts';

const db = await testDatabase();

async function verify(user: string, withAccount = false) {
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  const code = await runVerifyReceipts({ user, withAccount }, { pool: db.pool, write });
  return { code, output };
}

async function erase(userId: string, account = false) {
  const receipt = await eraseUser(db.pool, { userId, account, now: () => new Date() });
  if (receipt === 'account_in_use') throw new Error('the account is in use');
  return receipt;
}

test('one command shows the data stored about a user, and after the erasure its receipt and an intact chain', async () => {
  const email = 'yuki@example.com';
  const userId = await insertUser(db, { email });
  const turns = Array.from({ length: 5 }, () => answeredTurn({ userId, askedAt: new Date() }));
  await insertTurns(db.pool, turns);
  await db.query(`insert into relevance_judging (dialogue_id, claimed_until) values ($1, now())`, [turns[0]?.id]);
  for (const key of ['one', 'two', 'three']) {
    await db.query(`insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, $2, 'x', $3)`, [
      userId,
      key,
      randomUUID(),
    ]);
  }
  const before = await verify(email);
  expect(before.output).toContain(
    'recorded: ai_dialogue_log 5, provenance 5, relevance_judging 1, idempotency_key 3, orphaned_dialogue 0, pending_span 0\n',
  );
  expect(before).toMatchObject({ code: 1, output: expect.stringContaining('\nnot erased: 14 rows stored\n') });
  expect(before.output).toContain('no erasure within');

  const { erasedAt, number, id } = await erase(userId);
  const after = await verify(email);
  expect(after.output).toContain(`user ${userId}\n  recorded: ai_dialogue_log 0,`);
  expect(after.output).toContain(`  erased ${erasedAt.toISOString()}: receipt ${number} (${id})\n`);
  expect(after.output).toMatch(
    /\nerased: no data is stored about this user\n1 receipt, chain intact; it ends with [0-9a-f]{64}\n$/,
  );
  expect(after.code).toBe(0);
});

test('with --with-account the row in users and ingested content count too', async () => {
  const userId = await insertUser(db);
  await db.query(`insert into provenance (content_id, content_type, acquired_by) values ($1, 'material', $2)`, [
    await insertMaterial(db),
    userId,
  ]);
  await erase(userId);
  expect((await verify(userId)).code).toBe(0);
  expect(await verify(userId, true)).toMatchObject({
    code: 1,
    output: expect.stringContaining('not erased: 2 rows stored'),
  });
  await erase(userId, true);
  expect(await verify(userId, true)).toMatchObject({ code: 0, output: expect.stringContaining('with the account') });
});

test('an unknown e-mail address is rejected, unless its erasure is known', async () => {
  await expect(verify('unknown@example.com')).rejects.toThrow('pass the user id instead');
  const { id } = parseUserName('ken@example.com', 'USER');
  await insertUser(db, { id, email: 'ken@example.com' });
  await erase(id, true);
  expect(await verify('ken@example.com', true)).toMatchObject({ code: 0 });
});

test('a broken chain fails the verification, even if no data is stored', async () => {
  const userId = await insertUser(db);
  await erase(userId);
  await db.query('update erasure_receipt set account = not account where number = 1');
  expect(await verify(userId)).toMatchObject({ code: 1, output: expect.stringContaining('broken: receipt 1') });
  await db.query('update erasure_receipt set account = not account where number = 1');
});

test('every column that refers to a user is counted', async () => {
  const columns = await db.query<{ name: string }>(`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'uuid' and column_name ~ '(user|acquired_by|asker|learner|person)'
    union
    select conrelid::regclass || '.' || attname from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = any(conkey)
    where contype = 'f' and confrelid = 'users'::regclass
    order by 1`);
  expect(columns.map(({ name }) => name)).toEqual([
    'ai_dialogue_log.user_id',
    'idempotency_key.user_id',
    'orphaned_dialogue.user_id',
    'pending_span.user_id',
    'provenance.acquired_by',
  ]);
});
