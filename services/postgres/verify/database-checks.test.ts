import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/answered-turn.ts';
import { createDatabase, type TestDatabase, testDatabase } from '../../../test/kit/database.ts';
import { insertUser } from '../../../test/kit/fixtures.ts';
import { queryRows } from '../../../test/kit/query-rows.ts';
import { runVerify } from '../../commands/verify.ts';
import { eraseUser } from '../erase-user.ts';
import { insertTurns } from '../insert-turns.ts';
import { migrate } from '../migrate.ts';
import { createStoreContent } from '../store-content.ts';
import { databaseChecks } from './database-checks.ts';
import { expectedOf, expectedSchemaFile, expectedSchemaText, readExpectedSchema } from './expected-schema.ts';
import { questions } from './index-use.ts';
import { migrationNames } from './migration-names.ts';
import { readSchema } from './read-schema.ts';
import { versionProblems } from './server-checks.ts';

/** What breaks a database, and the names of the checks that see it; `past the keys` needs a superuser. */
type Damage = { sql: string; seenBy: string[]; superuser?: true; told?: string };

const pastTheKeys = 'set session_replication_role = replica;';
const indexes = 'indexes are there and valid';

const damages: Record<string, Damage> = {
  'a migration that is not listed': {
    sql: `delete from pgmigrations where name like '0008%'`,
    seenBy: ['all migrations ran, and no others'],
    told: '0008_add-provenance-list-index has not run',
  },
  'a migration of a later version': {
    sql: `insert into pgmigrations (name, run_on) values ('9999_later', now())`,
    seenBy: ['all migrations ran, and no others'],
    told: '9999_later is not known here',
  },
  'commits that do not wait': {
    sql: `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`,
    seenBy: ['commits wait for the disk'],
  },
  'a dropped table': {
    sql: 'drop table retention_audit',
    seenBy: ['every table is there'],
    told: 'retention_audit is missing',
  },
  'another type': {
    sql: 'alter table passage alter column heading type varchar(99)',
    seenBy: ['columns have their types'],
    told: 'passage heading is "character varying(99) not null default',
  },
  'a dropped column': {
    sql: 'alter table retention_audit drop column run_id',
    seenBy: ['columns have their types'],
    told: 'retention_audit run_id is missing',
  },
  'a dropped view': {
    sql: 'drop view reporting.jobs',
    seenBy: ['reporting views have their columns', 'grants are those of the migrations and no others'],
  },
  'a policy for anybody': {
    sql: 'create policy anybody on ai_dialogue_log using (true)',
    seenBy: ['policies are those of the migrations and no others'],
    told: 'ai_dialogue_log anybody is not of the migrations',
  },
  'one licence more': { sql: `alter type license_type add value 'gpl'`, seenBy: ['enums have their values'] },
  'a dropped index': {
    sql: 'drop index idx_provenance_license',
    seenBy: [indexes],
    told: 'provenance idx_provenance_license is missing',
  },
  'an index whose building was cut off': {
    sql: `update pg_index set indisvalid = false where indexrelid = 'idx_ai_dialogue_session'::regclass`,
    superuser: true,
    seenBy: [indexes],
    told: 'INVALID',
  },
  'index scans switched off': {
    sql: `do $$ begin
      execute format('alter database %I set enable_indexscan = off', current_database());
      execute format('alter database %I set enable_indexonlyscan = off', current_database());
      execute format('alter database %I set enable_bitmapscan = off', current_database());
    end $$`,
    seenBy: ['the planner can use the indexes'],
  },
  'a dropped key': {
    sql: 'alter table provenance drop constraint provenance_acquired_by_fkey',
    seenBy: ['keys and checks are there and hold for all rows'],
    told: 'provenance FOREIGN KEY (acquired_by) REFERENCES users(id) ON DELETE SET NULL is missing',
  },
  'a key that was not validated': {
    sql: `alter table provenance drop constraint provenance_acquired_by_fkey;
      alter table provenance add constraint provenance_acquired_by_fkey
        foreign key (acquired_by) references users (id) on delete set null not valid`,
    seenBy: ['keys and checks are there and hold for all rows'],
    told: 'is "not validated", not "validated"',
  },
  'a disabled trigger': {
    sql: 'alter table ai_dialogue_log disable trigger ai_dialogue_log_not_after_erasure',
    seenBy: ['triggers are there and enabled'],
  },
  'row-level security that was switched on': {
    sql: 'alter table job_run enable row level security',
    seenBy: ['row-level security is forced where it should be'],
    told: 'job_run is "not forced", not "off"',
  },
  'a function that lets everybody read': {
    sql: `create or replace function rag_may_read(policy jsonb, groups text[], country text, address inet, at timestamptz)
      returns boolean language sql stable as 'select true'`,
    seenBy: ['functions are as the migrations make them'],
    told: 'is another',
  },
  'a grant to everybody': {
    sql: 'grant select on passage to public',
    seenBy: ['grants are those of the migrations and no others'],
    told: 'passage public is not of the migrations: "SELECT"',
  },
  'a user deleted past the keys': {
    sql: `${pastTheKeys} delete from users`,
    superuser: true,
    seenBy: ['every dialogue has its user'],
    told: '2 dialogues of user',
  },
  'an answer without provenance': {
    sql: `delete from provenance where content_type = 'ai_response'`,
    seenBy: ['every answer has exactly one provenance row'],
    told: 'has 0',
  },
  'an answer deleted past the keys': {
    sql: `${pastTheKeys} delete from ai_dialogue_log`,
    superuser: true,
    seenBy: ['no provenance row tells of an answer that is gone'],
  },
  'an answer that was changed': {
    sql: `update ai_dialogue_log set response = response || '.'`,
    seenBy: ['every answer is as its hash tells'],
  },
  'a day that is there twice': {
    sql: `drop index idx_rag_metrics_date_unique;
      insert into rag_metrics_history (date) values ('2026-03-05'), ('2026-03-05'), ('2026-03-07')`,
    seenBy: [indexes, 'no day is there twice'],
    told: '2026-03-05 is there 2 times',
  },
  'a job whose worker died': {
    sql: `insert into job_run (job, day, state, worker, lease_until)
      values ('rollup', '2026-03-05', 'running', 'w7', now() - interval '3 hours')`,
    seenBy: ['no job hangs'],
    told: 'rollup of 2026-03-05 by w7',
  },
  'a removed receipt': {
    sql: 'delete from erasure_receipt',
    seenBy: ['receipts of erasures form an unbroken chain'],
    told: 'receipt 1 is missing',
  },
  'passages without provenance': {
    sql: `update provenance set superseded_at = now() where content_type = 'material'`,
    seenBy: ['every passage has current provenance'],
    told: '2 passages of material',
  },
  'removed content that still has passages': {
    sql: `update provenance set removed_at = now() where content_type = 'material'`,
    seenBy: ['content that was removed has no passages'],
  },
  'a material deleted past the keys': {
    sql: `${pastTheKeys} delete from materials`,
    superuser: true,
    seenBy: ['every material of provenance is there'],
    told: 'from https://example.org/tides',
  },
  'content with two current versions': {
    sql: `drop index idx_provenance_current;
      insert into provenance (content_id, content_type) select content_id, content_type from provenance
        where content_type = 'material'`,
    seenBy: [indexes, 'every content has one current version'],
  },
  'a corpus of another size': {
    sql: 'update passage_corpus set passages = passages + 5',
    seenBy: ['the size of the corpus is right'],
    told: '7 passages and',
  },
  'terms that are counted wrongly': {
    sql: `update passage_term set passages = passages + 3 where term like 'moon%'`,
    seenBy: ['the counts of terms are right'],
    told: '1 terms are counted wrongly',
  },
  'a source that is not registered': {
    sql: `delete from plugin_registry where source = 'note'`,
    seenBy: ['the sources that come with the service are registered'],
    told: 'note is missing',
  },
};

/** A database with a content, two answers and an erasure. */
async function filled(): Promise<TestDatabase> {
  const database = await createDatabase();
  await commitsWait(database);
  const passage = { pageNumber: null, title: 'Tides', heading: '' };
  await createStoreContent(database.pool)({
    sourceUri: 'https://example.org/tides',
    path: 'tides.md',
    title: 'Tides',
    contentType: 'material',
    license: 'cc_by',
    rightsHolder: null,
    permission: null,
    externalShareConsent: null,
    retentionYears: null,
    accessPolicy: null,
    acquisitionMethod: 'manual_upload',
    acquiredAt: null,
    sha256: 'a',
    manifest: null,
    passages: [
      { ...passage, position: 0, paragraphIndex: 0, text: 'The moon pulls the sea.' },
      { ...passage, position: 1, paragraphIndex: 1, text: 'The sea follows.' },
    ],
  });
  const [userId, erased] = [await insertUser(database), await insertUser(database)];
  const now = new Date();
  await insertTurns(database.pool, [
    answeredTurn({ userId, askedAt: now }),
    answeredTurn({ userId, askedAt: now }),
    answeredTurn({ userId: erased, askedAt: new Date(now.getTime() - 1) }),
  ]);
  await eraseUser(database.pool, { userId: erased, account: false, now: () => now });
  return database;
}

/** The tests' server does without. */
async function commitsWait({ url }: { url: string }): Promise<void> {
  await queryRows(
    url,
    `do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$`,
  );
}

/** @returns the exit code, and of each failed check its name and its line */
async function verify(url: string): Promise<{ code: number; failed: Record<string, string>; lines: string[] }> {
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  const code = await runVerify(url, { write });
  const lines = output.trimEnd().split('\n');
  const failed = lines.filter((line) => line.startsWith('failed  '));
  return { code, lines, failed: Object.fromEntries(failed.map((line) => [line.slice(8).split(': ')[0] ?? '', line])) };
}

const whole = await filled();
const db = await testDatabase();

test('a database as the programs leave it passes every check, one line each', async () => {
  const { code, lines, failed } = await verify(whole.url);
  expect(failed).toEqual({});
  expect(code).toBe(0);
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.at(-1)).toBe(`${lines.length - 1} checks, all ok`);
  await whole.close();
});

test.each(Object.entries(damages))('%s is seen by the check for it, which says what to do', async (_, damage) => {
  const broken = await filled();
  try {
    await queryRows(damage.superuser ? broken.superuserUrl : broken.url, damage.sql);
    const { code, failed } = await verify(broken.url);
    expect(Object.keys(failed).sort()).toEqual([...damage.seenBy].sort());
    expect(code).toBe(1);
    for (const line of Object.values(failed)) expect(line).toMatch(/: .+\. What to do: .{20,}\.$/);
    expect(Object.values(failed).join('\n')).toContain(damage.told ?? '');
  } finally {
    await broken.close();
  }
});

test('a database in another encoding, and a login that does not own the tables, are told', async () => {
  const name = `test_ascii_${process.pid}`;
  const { superuserUrl, url } = db;
  await queryRows(
    superuserUrl,
    `create database ${name} template template0 owner rag_owner encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
  );
  const ascii = new URL(url);
  ascii.pathname = name;
  try {
    await migrate(ascii.href);
    await commitsWait({ url: ascii.href });
    expect((await verify(ascii.href)).failed).toEqual({
      'the database is in UTF-8': expect.stringContaining('its encoding is SQL_ASCII'),
    });
    const stranger = new URL(superuserUrl);
    stranger.pathname = name;
    stranger.searchParams.set('options', '-c role=pg_monitor');
    expect((await verify(stranger.href)).failed).toHaveProperty('this login owns the tables');
  } finally {
    await queryRows(superuserUrl, `drop database ${name} with (force)`);
  }
});

test('an empty database and one that is half migrated are told as such, and every check still has its line', async () => {
  const half = await createDatabase(null);
  try {
    const empty = await verify(half.url);
    expect(empty.failed['all migrations ran, and no others']).toContain(
      'could not be checked: relation "pgmigrations"',
    );
    await migrate(half.url, { count: 4 });
    const { code, failed, lines } = await verify(half.url);
    expect(code).toBe(1);
    expect(failed['all migrations ran, and no others']).toContain('0005_add-passages has not run');
    expect(failed['every table is there']).toContain('chat_failure is missing');
    expect(lines).toHaveLength(empty.lines.length);
  } finally {
    await half.close();
  }
});

test('a server that is too old is told', () => {
  expect(versionProblems('15.7 (Debian 15.7-0+deb12u1)')).toEqual([]);
  expect(versionProblems('14.12')).toEqual(['it is PostgreSQL 14.12']);
});

test('no check is without damage that it was seen to find', async () => {
  const provenElsewhere = [
    'the server is PostgreSQL 15 or newer',
    'the database is in UTF-8',
    'this login owns the tables',
    // Roles belong to the cluster, which other tests use: roles.test.ts.
    'roles are there and bypass nothing',
  ];
  const names = (await databaseChecks(db.pool, await migrationNames())).map(({ name }) => name);
  const seen = Object.values(damages).flatMap(({ seenBy }) => seenBy);
  expect([...new Set([...seen, ...provenElsewhere])].sort()).toEqual([...names].sort());
});

test('what is expected is what the migrations make; after a change of theirs, run npm run expected-schema', async () => {
  expect(expectedSchemaText(expectedOf(await readSchema(db.pool)))).toBe(readFileSync(expectedSchemaFile, 'utf8'));
});

test('every index that is not unique has a question that it is held against', () => {
  const made = Object.entries(readExpectedSchema().index).filter(([, what]) => !what.startsWith('UNIQUE'));
  expect(Object.keys(questions).sort()).toEqual(made.map(([name]) => name.split(':')[1]).sort());
});
