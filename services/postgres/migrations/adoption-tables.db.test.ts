import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/kit/database/test-database.ts';
import { migrate } from './migrate.ts';

let db: TestDatabase;

beforeEach(async () => {
  db = await createDatabase(null);
});
afterEach(() => db.close());

const base = `create table ai_dialogue_log (
  id uuid primary key default gen_random_uuid(), user_id uuid not null, session_id uuid not null, query text not null,
  response text not null, model_used varchar(100) not null, created_at timestamptz not null default now()
)`;

async function refusal(): Promise<string> {
  const error = await migrate(db.url).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(await db.query(`select to_regclass('pgmigrations') as made`)).toEqual([{ made: null }]);
  return String(error);
}

test('every incompatible column is reported with its fix before anything is changed', async () => {
  await db.query('create table users (id uuid primary key, email text, display_name text)');
  await db.query('create table materials (id serial primary key, title text)');
  await db.query(`create table ai_dialogue_log (
    id uuid, user_id varchar(36), session_id uuid, query text, response text, model_used varchar(20), latency_ms text,
    tenant text not null, region text not null default 'jp', created_at timestamp)`);
  const message = await refusal();
  for (const line of [
    'users.role is missing: alter table users add column role text',
    'materials.id is integer, but must be uuid',
    'ai_dialogue_log.id has no unique key: alter table ai_dialogue_log add primary key (id)',
    'ai_dialogue_log.user_id is character varying(36), but must be uuid',
    'ai_dialogue_log.model_used is character varying(20), but must be character varying(100)',
    'ai_dialogue_log.latency_ms is text, but must be integer',
    "ai_dialogue_log.created_at is timestamp without time zone, but must be timestamptz: if its times are in UTC, set timezone = 'UTC'; alter table ai_dialogue_log alter column created_at type timestamptz",
    'ai_dialogue_log.tenant is required and has no default',
  ]) {
    expect(message).toContain(`\n  - ${line}`);
  }
  expect(message.match(/\n {2}- /g)).toHaveLength(8);
});

test('the reported fixes make the database compatible', async () => {
  await db.query('create table users (id uuid primary key, email text)');
  await db.query(base.replace('timestamptz', 'timestamp'));
  await db.query(`insert into ai_dialogue_log (user_id, session_id, query, response, model_used, created_at)
    values (gen_random_uuid(), gen_random_uuid(), 'q', 'a', 'm', '2026-03-07 15:30')`);
  await refusal();
  await db.query('alter table users add column role text');
  const [before] = await db.query(`select pg_relation_filenode('ai_dialogue_log') as file`);
  await db.query(`set timezone = 'UTC'; alter table ai_dialogue_log alter column created_at type timestamptz`);
  expect(await db.query(`select pg_relation_filenode('ai_dialogue_log') as file`)).toEqual([before]); // not rewritten
  await migrate(db.url);
  expect(await db.query('select dialogue from orphaned_dialogue')).toMatchObject([
    { dialogue: { query: 'q', created_at: expect.stringMatching(/^2026-03-07T15:30:00/) } },
  ]);
});

test('tables of other programs with our names are reported, one line each', async () => {
  await db.query('create table provenance (id int)');
  await db.query(`create type license_type as enum ('free')`);
  const message = await refusal();
  expect(message).toContain('the name provenance is used by another table: rename that table');
  expect(message).toContain('the name license_type is used by another type: rename that type');
});

test('a pgmigrations table of another program is rejected', async () => {
  await db.query(
    'create table pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
  );
  await db.query(`insert into pgmigrations (name, run_on) values ('1700_lms', now())`);
  await expect(migrate(db.url)).rejects.toThrow('pgmigrations lists migrations of another program (1700_lms)');
});

test('missing privileges of the login are reported', async () => {
  const admin = new pg.Client(db.superuserUrl);
  await admin.connect();
  try {
    await admin.query(`create table users (id uuid primary key, email text, role text); ${base}`);
  } finally {
    await admin.end();
  }
  const message = await refusal();
  expect(message).toContain(
    'ai_dialogue_log belongs to the role postgres: migrate as that role, or grant it to rag_owner',
  );
  expect(message).toContain('users cannot be referenced: grant select, references on users to rag_owner');
  expect(message).toContain('needs to wait for answers in flight: grant update (id) on users to rag_owner');
});

test('dialogues that public may read, by table or column, are rejected, because they would bypass row-level security', async () => {
  await db.query('create table users (id uuid primary key, email text, role text)');
  for (const what of ['select', 'select (query)']) {
    await db.query(`drop table if exists ai_dialogue_log; ${base}; grant ${what} on ai_dialogue_log to public`);
    expect(await refusal()).toContain(
      '\n  - ai_dialogue_log is granted to public: revoke all on ai_dialogue_log from public',
    );
  }
  await db.query('revoke all on ai_dialogue_log from public');
  await migrate(db.url);
});
