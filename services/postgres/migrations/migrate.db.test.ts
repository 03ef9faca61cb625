import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { schemaObjects } from '../../../test/kit/database/schema-objects.ts';
import { createDatabase, type TestDatabase } from '../../../test/kit/database/test-database.ts';
import { migrate } from './migrate.ts';

const committed = fileURLToPath(new URL('../../../migrations', import.meta.url));
const names = readdirSync(committed)
  .map((name) => name.replace(/\.(sql|ts)$/, ''))
  .sort();
let db: TestDatabase;
let directory: string;

beforeEach(async () => {
  db = await createDatabase(null);
  directory = mkdtempSync(join(tmpdir(), 'rag-migrations-'));
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await db.close();
});

/** Writes a test migration. */
function write(name: string, up: string, down = 'select'): void {
  writeFileSync(join(directory, name), `-- Up Migration\n${up};\n-- Down Migration\n${down};\n`);
}

test('migrations run up, all the way down, and up again to the same schema, as an owner who is not a superuser', async () => {
  expect(await migrate(db.url)).toEqual(names);
  const before = await schemaObjects(db.url);
  expect(await migrate(db.url)).toEqual([]);

  expect(await migrate(db.url, { direction: 'down', count: names.length })).toEqual(names.toReversed());
  const left = await db.query(
    `select table_name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  // The LMS's tables, and those it may continue to use.
  expect(left.map((row) => row.table_name)).toEqual(['ai_dialogue_log', 'materials', 'pgmigrations', 'users']);

  expect(await migrate(db.url)).toEqual(names);
  expect(await schemaObjects(db.url)).toEqual(before);
});

test('an LMS with users and materials keeps its rows', async () => {
  await db.query('create table users (id uuid primary key, email text, role text, name text)');
  await db.query('create table materials (id uuid primary key, title text, author text)');
  await db.query(`insert into users values ('00000000-0000-4000-8000-000000000007', 'a@b.example', 'learner', 'A')`);
  await migrate(db.url);
  await migrate(db.url, { direction: 'down', count: names.length });
  expect(await db.query('select name from users')).toEqual([{ name: 'A' }]);
});

test('concurrent programs run each migration once', async () => {
  const done = await Promise.all([migrate(db.url), migrate(db.url), migrate(db.url)]);
  expect(done.flat().sort()).toEqual(names);
});

test('a failed migration is named and changes nothing, while those before it stay applied', async () => {
  write('0001_lms-tables.sql', 'create table good (id int)');
  write('0002_broken.sql', 'create table half (id int); create table worse (id nonsense)');
  const failed = migrate(db.url, { directory });
  await expect(failed).rejects.toThrow(
    'Migration 0002_broken (up) failed: type "nonsense" does not exist\nIt changed nothing; applied before it: 1 migration.',
  );
  expect(await db.query(`select to_regclass('good') as good, to_regclass('half') as half`)).toEqual([
    { good: 'good', half: null },
  ]);
  write('0002_broken.sql', 'create table half (id int)');
  expect(await migrate(db.url, { directory })).toEqual(['0002_broken']);
});

test('in one transaction, all migrations are applied to an empty database or none', async () => {
  cpSync(committed, directory, { recursive: true });
  write('9999_broken.sql', 'create table worse (id nonsense)');
  await expect(migrate(db.url, { directory, together: true })).rejects.toThrow(
    'Migration 9999_broken (up) failed. Nothing was changed',
  );
  expect(await db.query(`select to_regclass('users') as made`)).toEqual([{ made: null }]);
  expect(await migrate(db.url, { together: true })).toEqual(names);
});

test('one transaction is rejected if there are dialogues', async () => {
  await db.query(`create table ai_dialogue_log (id uuid primary key, user_id uuid, session_id uuid, query text, response text,
    model_used text, created_at timestamptz)`);
  await db.query('insert into ai_dialogue_log (id) values (gen_random_uuid())');
  await expect(migrate(db.url, { together: true })).rejects.toThrow('requires a database without dialogues');
  expect(await db.query(`select to_regclass('pgmigrations') as made`)).toEqual([{ made: null }]);
});

test('a locked table is waited for with one message, without blocking readers', async () => {
  await db.query('create table busy (id int)');
  write('0001_change.sql', 'alter table busy add column more int');
  const reader = new pg.Client(db.url);
  await reader.connect();
  try {
    await reader.query('begin; select from busy');
    const printed: string[] = [];
    const inUse = Promise.withResolvers<void>();
    const migrating = migrate(db.url, {
      directory,
      print: (line) => {
        printed.push(line);
        inUse.resolve();
      },
    });
    await inUse.promise;
    await db.query('select from busy'); // no session queues behind a waiting lock
    await reader.query('commit');
    expect(await migrating).toEqual(['0001_change']);
    expect(printed).toEqual(['A table that a migration changes is locked. Retrying until it is free.']);
  } finally {
    await reader.end();
  }
});

test('a table that stays locked fails the migration, which changes nothing and says where to look', async () => {
  await db.query('create table busy (id int)');
  write('0001_change.sql', 'create table made (id int); alter table busy add column more int');
  const reader = new pg.Client(db.url);
  await reader.connect();
  try {
    await reader.query('begin; select from busy');
    await expect(migrate(db.url, { directory, lockTimeoutMs: 1 })).rejects.toThrow(
      /^Migration 0001_change \(up\) failed: a table that it changes stayed locked .*\. Find out who locks it .*\nIt changed nothing\.$/,
    );
    expect(await db.query(`select to_regclass('made') as made`)).toEqual([{ made: null }]);
  } finally {
    await reader.end();
  }
});

test('notices raised by a migration are printed, and those of PostgreSQL are not', async () => {
  write('0001_tell.sql', `drop table if exists nowhere; do $$ begin raise notice 'Moved 37 rows.'; end $$`);
  const printed: string[] = [];
  await migrate(db.url, { directory, print: (line) => printed.push(line) });
  expect(printed).toEqual(['Moved 37 rows.']);
});

test('an unreachable server is reported with its address, without the password', async () => {
  const url = new URL(db.url);
  url.port = '1';
  const error = await migrate(url.href).catch((reason) => reason);
  expect(String(error)).toContain('127.0.0.1:1');
  expect(String(error)).toContain('Check DATABASE_URL');
  expect(String(error)).not.toContain(url.password);
});

test('a missing database is named', async () => {
  const url = new URL(db.url);
  url.pathname = '/nowhere';
  await expect(migrate(url.href)).rejects.toThrow(/"nowhere" does not exist.*Check DATABASE_URL/);
});
