import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { migrate } from './migrate.ts';

const names = readdirSync(new URL('../../migrations', import.meta.url))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.replace(/\.sql$/, ''))
  .sort();
let db: TestDatabase;

beforeEach(async () => {
  db = await createDatabase(null);
});
afterEach(() => db.close());

test('migrations go up, all the way down, and up again to the same tables, as an owner who is no superuser', async () => {
  expect(await migrate(db.url)).toEqual(names);
  const before = await everything();
  expect(await migrate(db.url)).toEqual([]);

  expect(await migrate(db.url, { direction: 'down', count: names.length })).toEqual(names.toReversed());
  const left = await db.query(
    `select table_name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  expect(left.map((row) => row.table_name)).toEqual(['materials', 'pgmigrations', 'users']); // the LMS's stay

  expect(await migrate(db.url)).toEqual(names);
  expect(await everything()).toEqual(before);
});

test('an LMS that has users and materials keeps its rows', async () => {
  await db.query('create table users (id uuid primary key, email text, role text, name text)');
  await db.query('create table materials (id uuid primary key, title text, author text)');
  await db.query(`insert into users values ('00000000-0000-4000-8000-000000000007', 'a@b.example', 'learner', 'A')`);
  await migrate(db.url);
  await migrate(db.url, { direction: 'down', count: names.length });
  expect(await db.query('select name from users')).toEqual([{ name: 'A' }]);
});

test('programs that migrate at the same time run each migration once', async () => {
  const done = await Promise.all([migrate(db.url), migrate(db.url), migrate(db.url)]);
  expect(done.flat().sort()).toEqual(names);
});

test('a migration that fails is named, and nothing is changed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rag-migrations-'));
  try {
    writeFileSync(join(directory, '0001_good.sql'), '-- Up Migration\ncreate table good (id int);\n');
    writeFileSync(join(directory, '0002_broken.sql'), '-- Up Migration\ncreate table worse (id nonsense);\n');
    await expect(migrate(db.url, { directory })).rejects.toThrow(
      'Migration 0002_broken (up) failed, and nothing was changed: type "nonsense" does not exist',
    );
    expect(await db.query(`select to_regclass('good') as good`)).toEqual([{ good: null }]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a server that is away fails with its address, without the password', async () => {
  const url = new URL(db.url);
  url.port = '1';
  const error = await migrate(url.href).catch((reason) => reason);
  expect(String(error)).toContain('127.0.0.1:1');
  expect(String(error)).toContain('Check DATABASE_URL');
  expect(String(error)).not.toContain(url.password);
});

test('a database that the server does not have is named', async () => {
  const url = new URL(db.url);
  url.pathname = '/nowhere';
  await expect(migrate(url.href)).rejects.toThrow(/"nowhere" does not exist.*Check DATABASE_URL/);
});

test("another program's tables that lack a column are refused before anything is made, and the column is named", async () => {
  await db.query('create table users (id uuid primary key, email text, display_name text)');
  await db.query('create table materials (id serial primary key, title text)');
  await expect(migrate(db.url)).rejects.toThrow('they lack users.role (text), materials.id (uuid). Add these columns');
  expect(await db.query(`select to_regclass('pgmigrations') as made`)).toEqual([{ made: null }]);
  await db.query('alter table users add column role text');
  await db.query('drop table materials');
  expect(await migrate(db.url)).toEqual(names);
});

/** Columns, indexes, constraints, triggers and functions, by name and definition. */
async function everything(): Promise<unknown> {
  const client = new pg.Client(db.url);
  await client.connect();
  try {
    const { rows } = await client.query(`
      select table_name || '.' || column_name as name, concat_ws(' ', data_type, is_nullable, column_default) as what
        from information_schema.columns where table_schema = 'public'
      union all select indexname, indexdef from pg_indexes where schemaname = 'public'
      union all select conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace
      union all select tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
      union all select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc
        where pronamespace = 'public'::regnamespace and prokind = 'f'
      order by 1, 2`);
    return rows;
  } finally {
    await client.end();
  }
}
