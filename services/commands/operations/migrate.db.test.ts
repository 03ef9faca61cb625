import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/kit/database/test-database.ts';
import { runMigrate } from './migrate.ts';

let db: TestDatabase;

beforeEach(async () => {
  db = await createDatabase(null);
});
afterEach(() => db.close());

async function run(flags: Parameters<typeof runMigrate>[1]): Promise<string[]> {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  expect(await runMigrate(db.url, flags, { write, print: write })).toBe(0);
  return written.join('').trim().split('\n');
}

test('migrate lists the migrations it applied, and reverting all of them leaves the tables of the LMS', async () => {
  const up = await run({ oneTransaction: true });
  expect(up[0]).toBe('up 0001_lms-tables');
  expect(await run({})).toEqual(['nothing to do']);
  const [last] = up.slice(-1);
  expect(await run({ down: '1' })).toEqual([last?.replace('up', 'down')]);
  await run({ down: 'all' });
  expect(await db.query('select count(*) from pgmigrations')).toEqual([{ count: 0 }]);
  expect(await run({ oneTransaction: true })).toEqual(up);
  expect(await run({ down: 'all', oneTransaction: true })).toEqual(
    up.map((line) => line.replace('up', 'down')).reverse(),
  );
});

test('an invalid count is rejected', async () => {
  await expect(run({ down: '-1' })).rejects.toThrow('--down: must be a number of migrations, or "all"');
});
