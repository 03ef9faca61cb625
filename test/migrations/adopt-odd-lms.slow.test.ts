/** An LMS's database of another making is adopted as it is, or refused before anything is changed, with what to do. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { runVerify } from '../../services/commands/operations/verify.ts';
import { eraseUser } from '../../services/postgres/erasure/erase-user.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { queryRows } from '../kit/database/query-rows.ts';
import type { TestDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { inDatabase } from './in-database.ts';

const yuki = '0a000000-0000-4000-8000-000000000001';
const users = `create table users (id uuid primary key, email text unique, role text not null default 'learner');
  insert into users values ('${yuki}', 'yuki@aoba.example', 'learner');`;
const columns = `id uuid primary key default gen_random_uuid(), user_id uuid not null, session_id uuid not null,
  query text not null, response text not null, model_used varchar(100) not null, created_at timestamptz not null default now()`;
const log = `create table ai_dialogue_log (${columns});
  insert into ai_dialogue_log (user_id, session_id, query, response, model_used)
    values ('${yuki}', gen_random_uuid(), 'What is a fugue?', 'A piece in several voices.', 'gpt-4o-mini');`;
const trigger = (when: string, body: string) =>
  `create function of_lms() returns trigger language plpgsql as $$ begin ${body} end $$;
   create trigger of_lms ${when} on ai_dialogue_log for each row execute function of_lms();`;

const refused: Record<string, { setup: string; problems: string[] }> = {
  'integer and text keys': {
    setup: `create table users (id text primary key, email text, role text);
      create table materials (id bigserial primary key, title text)`,
    problems: [
      'users.id is text, but must be uuid: if it holds UUIDs, alter table users alter column id type uuid using id::uuid',
      'materials.id is bigint, but must be uuid: no statement converts one to the other',
    ],
  },
  'names in mixed case': {
    setup: `${users} create table ai_dialogue_log (id uuid primary key, "userId" uuid not null, session_id uuid, query text,
      response text, model_used text, created_at timestamptz, "Tenant" text not null)`,
    problems: [
      'ai_dialogue_log.user_id is missing: alter table ai_dialogue_log rename column "userId" to user_id',
      'alter table ai_dialogue_log alter column "Tenant" set default …, or alter column "Tenant" drop not null',
    ],
  },
  'views and partitions instead of tables': {
    setup: `create table accounts (id uuid primary key, email text, role text); create view users as select * from accounts;
      create table ai_dialogue_log (${columns.replace('primary key', '')}) partition by range (created_at)`,
    problems: ['users is not an ordinary table: rename it', 'ai_dialogue_log is not an ordinary table: rename it'],
  },
  'a generated column that answers set themselves': {
    setup: `${users}${log} alter table ai_dialogue_log add column total_tokens int generated always as (length(query)) stored`,
    problems: [
      'total_tokens is generated, but answers are stored with a value of their own: alter table ai_dialogue_log alter column',
    ],
  },
  'a trigger that silently skips deletions': {
    setup: users + log + trigger('before delete', 'return null;'),
    problems: [
      'rows of ai_dialogue_log cannot be deleted (no row was changed), which erasure and retention require',
      '(of_lms)',
    ],
  },
  'an empty append-only table': {
    setup: `${users} create table ai_dialogue_log (${columns});
      ${trigger('before update or delete', `raise exception 'append only';`)}`,
    problems: ['cannot be updated (append only), which votes and scores require', 'cannot be deleted (append only)'],
  },
  'a deferred constraint trigger': {
    setup: `${users}${log} create function late() returns trigger language plpgsql as $$ begin raise 'too late'; end $$;
      create constraint trigger late after delete on ai_dialogue_log initially deferred for each row execute function late()`,
    problems: ['cannot be deleted (too late)'],
  },
  'a trigger error that quotes user text': {
    setup: users + log + trigger('before delete', `raise exception 'kept: %', old.query;`),
    problems: ['cannot be deleted (SQLSTATE P0001)'],
  },
  rules: {
    setup: `${users}${log} create rule notify_lms as on insert to ai_dialogue_log do also notify lms`,
    problems: ['the rule notify_lms interferes with inserts: drop rule notify_lms on ai_dialogue_log'],
  },
  'a check constraint that answers violate': {
    setup: `${users}${log} alter table ai_dialogue_log add constraint no_session check (session_id is null) not valid`,
    problems: ['cannot be inserted', 'drop constraint NAME (no_session)'],
  },
  'a restricting foreign key and a unique index': {
    setup: `${users}${log} create table ratings (dialogue_id uuid references ai_dialogue_log (id), stars int);
      create unique index once on ai_dialogue_log (user_id, query)`,
    problems: [
      'alter table ratings drop constraint ratings_dialogue_id_fkey, add constraint ratings_dialogue_id_fkey FOREIGN KEY (dialogue_id) REFERENCES ai_dialogue_log(id) on delete cascade',
      'the unique index once rejects identical answers: drop it',
    ],
  },
  'users hidden from the owner by row-level security': {
    setup: `${users}${log} alter table users enable row level security, force row level security;
      create policy own on users using (id::text = current_setting('lms.user', true))`,
    problems: ['would appear to have no user: create policy rag_observatory on users to rag_owner using (true)'],
  },
  'policies that apply to our own roles': {
    setup: `${users}${log} alter table ai_dialogue_log enable row level security;
      create policy own on ai_dialogue_log using (user_id::text = current_setting('lms.user', true))`,
    problems: ['the policy own of ai_dialogue_log applies to public, and so to our own roles: alter policy own'],
  },
  'names of functions, indexes, policies, views and schemas in use': {
    setup: `${users}${log} create schema reporting; create view passage as select 1 as id;
      create function rag_current_user() returns text language sql as 'select 1::text';
      create index idx_provenance_content on users (email);
      create policy app_has_own on ai_dialogue_log to current_user using (true)`,
    problems: [
      'the name reporting is used by another schema',
      'the name passage is used by another table',
      'the name rag_current_user() is used by another function',
      'the name idx_provenance_content is used by an index',
      'the name app_has_own is used by another policy',
      'ai_dialogue_log has the policy app_has_own, but row-level security is off',
    ],
  },
};

test.each(Object.entries(refused))('%s is rejected before anything is changed', (_, { setup, problems }) =>
  inDatabase(async (db) => {
    await queryRows(db.url, setup);
    const error = String(await migrate(db.url).catch((reason: unknown) => reason));
    expect(error).toContain('Nothing was changed');
    for (const line of problems) expect(error).toContain(line);
    expect(await db.query(`select to_regclass('pgmigrations') as made`)).toEqual([{ made: null }]);
  }),
);

/** What the LMS's learners, and one it does not know, get. */
async function asked(db: TestDatabase): Promise<{ known: number; unknown: number; failed: string[] }> {
  await queryRows(
    db.url,
    `do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$`,
  );
  let verified = '';
  await runVerify(db.url, {
    write: (text) => {
      verified += text;
    },
  });
  const chat = await runChat(db.url);
  try {
    const status = async (user: string) =>
      (await chat.ask({ query: 'What is a fugue?' }, { token: await chat.token(user) })).status;
    const failed = verified.split('\n').filter((line) => line.startsWith('failed'));
    return { known: await status(yuki), unknown: await status(randomUUID()), failed };
  } finally {
    await chat.close();
  }
}

test('own types, a partitioned users table, generated columns and harmless triggers are adopted', () =>
  inDatabase(async (db) => {
    await queryRows(
      db.url,
      `create type user_role as enum ('student', 'staff'); create domain address as text check (value like '%@%');
      create table users (id uuid primary key, email address, role user_role not null default 'student',
        initial text generated always as (left(email, 1)) stored) partition by hash (id);
      create table users_0 partition of users for values with (modulus 1, remainder 0);
      insert into users (id, email) values ('${yuki}', 'yuki@aoba.example');
      ${log} alter table ai_dialogue_log add column words int generated always as (length(query)) stored;
      create view recent as select * from ai_dialogue_log;
      ${trigger('before update', 'return new;')}`,
    );
    await migrate(db.url);
    // The role of the token is none of theirs, so that only the LMS can make this user.
    expect(await asked(db)).toEqual({ known: 200, unknown: 403, failed: [] });
  }));

test('a counting trigger of the LMS is reported for a missing privilege, and works once it is granted', () =>
  inDatabase(async (db) => {
    await queryRows(
      db.url,
      `${users}${log} create table asked (user_id uuid primary key, n int not null);
      ${trigger('after insert', 'insert into asked values (new.user_id, 1) on conflict (user_id) do update set n = asked.n + 1; return new;')}`,
    );
    const problems =
      /answers cannot be stored.*permission denied for table asked for rag_recorder.*\(of_lms\).*"security definer"/s;
    await expect(migrate(db.url)).rejects.toThrow(problems);
    await expect(migrate(db.url)).rejects.toThrow(/permission denied for table asked/); // no start before it is corrected
    await queryRows(db.url, 'alter function of_lms() security definer');
    await migrate(db.url);
    expect(await asked(db)).toEqual({ known: 200, unknown: 200, failed: [] });
    expect(await db.query('select sum(n) from asked')).toEqual([{ sum: 2 }]);
  }));

test('with users managed by a directory, unknown learners get an explanation and answers do not fail', () =>
  inDatabase(async (db) => {
    await queryRows(
      db.url,
      `${users}${log} create function directory() returns trigger language plpgsql as $$ begin raise 'not here'; end $$;
      create trigger directory before insert or delete on users for each row execute function directory()`,
    );
    await migrate(db.url);
    expect(await asked(db)).toEqual({ known: 200, unknown: 403, failed: [] });
    const erase = (account: boolean) => eraseUser(db.pool, { userId: yuki, account, now: () => new Date() });
    expect(await erase(true)).toBe('account_in_use');
    expect(await erase(false)).toMatchObject({ counts: { ai_dialogue_log: 2 } });
  }));

test("the LMS's row-level security still applies to its roles, also after reverting", () =>
  inDatabase(async (db) => {
    const reader = `lms_${randomUUID().slice(0, 8)}`;
    await queryRows(
      db.superuserUrl,
      `create role ${reader}; set role rag_owner; ${users}${log} grant select on ai_dialogue_log to ${reader};
      alter table ai_dialogue_log enable row level security;
      create policy app_window on ai_dialogue_log to ${reader} using (query like 'none%')`,
    );
    try {
      const asReader = new URL(db.superuserUrl);
      asReader.searchParams.set('options', `-c role=${reader}`);
      const seen = () => queryRows(asReader.href, 'select count(*)::int from ai_dialogue_log');
      const ran = await migrate(db.url);
      expect(await asked(db)).toMatchObject({ known: 200, failed: [] });
      expect(await seen()).toEqual([{ count: 0 }]);
      await migrate(db.url, { direction: 'down', count: ran.length });
      expect(await seen()).toEqual([{ count: 0 }]);
    } finally {
      await queryRows(db.superuserUrl, `drop owned by ${reader}; drop role ${reader}`);
    }
  }));

test('LMS tables in another schema of the search path are found, and ours are created in the first', () =>
  inDatabase(async (db) => {
    await queryRows(
      db.url,
      `create schema lms; create schema "Our Own"; set search_path = lms; ${users}${log}
      do $$ begin execute format('alter database %I set search_path = "Our Own", lms', current_database()); end $$`,
    );
    const ran = await migrate(db.url);
    expect(await asked(db)).toEqual({ known: 200, unknown: 200, failed: [] });
    const homes = `select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relname in ('users', 'provenance', 'pgmigrations') and relkind = 'r' order by 2`;
    expect(await queryRows(db.url, homes)).toEqual([
      { nspname: 'Our Own', relname: 'pgmigrations' },
      { nspname: 'Our Own', relname: 'provenance' },
      { nspname: 'lms', relname: 'users' },
    ]);
    await migrate(db.url, { direction: 'down', count: ran.length });
    expect(await migrate(db.url)).toEqual(ran);
  }));

test('dependents of a column that reverting drops are reported', () =>
  inDatabase(async (db) => {
    await queryRows(db.url, users + log);
    const ran = await migrate(db.url);
    await queryRows(db.url, 'create view slow as select id from ai_dialogue_log where latency_ms > 3000');
    await expect(migrate(db.url, { direction: 'down', count: ran.length })).rejects.toThrow(
      /0002_add-rag-metrics \(down\) failed.*view slow depends on column latency_ms/,
    );
  }));
