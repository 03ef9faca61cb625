import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { insertUser } from '../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../test/kit/database/test-database.ts';
import { connect } from '../postgres/client/connect.ts';
import { deleteOldIdempotencyKeys } from '../postgres/dialogues/idempotency-keys.ts';
import { describeJobError } from './describe-error.ts';

const db = await testDatabase();
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => describeJobError(error),
  );

test('messages about tables are included, and quoted values are not', async () => {
  expect(await errorOf(db.query('select * from no_such_table'))).toBe(
    'PostgreSQL 42P01: relation "no_such_table" does not exist',
  );
  expect(await errorOf(db.query(`select 'my secret question'::uuid`))).toBe('PostgreSQL 22P02');
  const user = await insertUser(db);
  expect(await errorOf(insertUser(db, { id: user, email: 'a@example.org' }))).toBe('PostgreSQL 23505 on users');
});

test('an unreachable database is described by its network error code', async () => {
  const pool = connect('postgres://nobody@127.0.0.1:1/none', { name: 'test' });
  expect(await errorOf(pool.query('select 1'))).toMatch(/ECONNREFUSED/);
  await pool.end();
});

test('the text of an unknown error is omitted', () => {
  expect(describeJobError(new Error('my secret question'))).toBe('Error');
  expect(describeJobError('my secret question')).toBe('string');
});

test('idempotency keys are deleted after a day, not earlier', async () => {
  const user = await insertUser(db);
  for (const age of ['23 hours 59 minutes', '24 hours 1 minute']) {
    await db.query(
      `insert into idempotency_key (user_id, key, request_sha256, dialogue_id, created_at)
       values ($1, $2::text, 'x', $3, now() - $2::text::interval)`,
      [user, age, randomUUID()],
    );
  }
  expect(await deleteOldIdempotencyKeys(db.pool, new Date(Date.now() - 24 * 3_600_000))).toBe(1);
  expect(await db.query('select key from idempotency_key')).toEqual([{ key: '23 hours 59 minutes' }]);
});
