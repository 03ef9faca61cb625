import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { connect } from './connect.ts';

const db = await testDatabase();

test('numbers become numbers, dates text, timestamps Dates, and json is parsed', async () => {
  const [row] = await db.query(`select 9007199254740991::bigint as count, 1234567890.123456::numeric(16, 6) as yen,
    null::numeric as missing, date '2026-03-01' as day, timestamptz '2026-03-01 09:30:00+09' as at, '[1, null]'::jsonb as json`);
  expect(row).toEqual({
    count: 9007199254740991,
    yen: 1234567890.123456,
    missing: null,
    day: '2026-03-01',
    at: new Date('2026-03-01T00:30:00Z'),
    json: [1, null],
  });
  await expect(db.query('select 9007199254740993::bigint')).rejects.toThrow('exceeds 2^53');
});

test('a lost idle connection is reported and replaced without ending the process', async () => {
  const broken = Promise.withResolvers<Error>();
  const pool = connect(db.url, { name: 'idle', onIdleError: broken.resolve });
  const { pid } = (await pool.query('select pg_backend_pid() as pid')).rows[0];
  await db.query('select pg_terminate_backend($1)', [pid]);
  expect((await broken.promise).message).toMatch(/terminat/);
  expect((await pool.query('select 11 as number')).rows).toEqual([{ number: 11 }]);
  await pool.end();
});

test('a statement that takes too long fails', async () => {
  const pool = connect(db.url, { name: 'slow', statementTimeoutMs: 100 });
  await expect(pool.query('select pg_sleep(30)')).rejects.toThrow(/timeout/i);
  await pool.end();
  await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slow'`);
});
