import { expect, test } from 'vitest';
import { insertDialogue } from './fixtures.ts';
import { createDatabase, testDatabase } from './test-database.ts';

const db = await testDatabase();

test('a test file gets a migrated database as an owner without superuser privileges', async () => {
  await insertDialogue(db, { token_cost_jpy: 1.25 });
  expect(await db.query('select token_cost_jpy, latency_ms from ai_dialogue_log')).toEqual([
    { token_cost_jpy: 1.25, latency_ms: 137 },
  ]);
  expect(await db.query('select rolsuper, rolcreaterole from pg_roles where rolname = current_user')).toEqual([
    { rolsuper: false, rolcreaterole: true },
  ]);
});

test('a client that a test does not release fails the test', async () => {
  const other = await createDatabase();
  const client = await other.pool.connect();
  client.on('error', () => {}); // the server closes it
  await expect(other.close()).rejects.toThrow('1 client(s)');
  client.release(true);
  await other.pool.end();
});
