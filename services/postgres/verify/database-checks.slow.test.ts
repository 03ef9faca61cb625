import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { rowDamages } from '../../../test/kit/database/damages/row-damages.ts';
import { schemaDamages } from '../../../test/kit/database/damages/schema-damages.ts';
import { insertUser } from '../../../test/kit/database/fixtures.ts';
import { queryRows } from '../../../test/kit/database/query-rows.ts';
import { createDatabase, type TestDatabase, testDatabase } from '../../../test/kit/database/test-database.ts';
import { runVerify } from '../../commands/operations/verify.ts';
import { connect } from '../client/connect.ts';
import { createStoreContent } from '../content/store-content.ts';
import { insertTurns } from '../dialogues/insert-turns.ts';
import { eraseUser } from '../erasure/erase-user.ts';
import { migrate } from '../migrations/migrate.ts';
import { type Checked, runChecks } from './check.ts';
import { databaseChecks } from './database-checks.ts';
import { expectedOf, expectedSchemaFile, expectedSchemaText, readExpectedSchema } from './expected-schema.ts';
import { queries } from './index-use.ts';
import { readDefinitions, readSchema } from './read-schema.ts';
import { migrationNames, versionProblems } from './server-checks.ts';

const damages = { ...schemaDamages, ...rowDamages };

/** Creates a database with a document, two answers and an erasure. */
async function filled(): Promise<TestDatabase> {
  const database = await createDatabase();
  await enableSynchronousCommit(database);
  const passage = { pageNumber: null, startSeconds: null, title: 'Tides', heading: '' };
  await createStoreContent(database.pool)({
    sourceUri: 'https://example.org/tides',
    path: 'tides.md',
    origin: { source: 'local', key: 'tides.md', versionHash: null },
    language: 'en',
    publishedAt: null,
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
  await database.pool.end(); // so that it can be copied
  return database;
}

/** The test server disables synchronous_commit. */
async function enableSynchronousCommit({ url }: { url: string }): Promise<void> {
  await queryRows(
    url,
    `do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$`,
  );
}

/** @returns the exit code, and the line of each failed check by name */
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

/** Runs every check, in order. */
async function findProblems({ url }: TestDatabase): Promise<readonly Checked[]> {
  const pool = connect(url, { name: 'find' });
  try {
    const found: Checked[] = [];
    for await (const checked of runChecks(pool, await databaseChecks(pool, await migrationNames())))
      found.push(checked);
    return found;
  } finally {
    await pool.end();
  }
}

const failing = (checked: readonly Checked[]) => checked.filter(({ problems }) => problems.length > 0);

/**
 * Runs the suggested statements as the owner, twice, because rows may have to be repaired before an index.
 * @returns the names of the checks that still fail
 */
async function repair(database: TestDatabase, found: readonly Checked[]): Promise<readonly string[]> {
  let left = found;
  for (let round = 1; round <= 2 && failing(left).length > 0; round += 1) {
    const suggested = new Set(left.flatMap(({ problems }) => problems.flatMap((problem) => problem.repair ?? [])));
    const pasted = [...suggested].filter((each) => !each.startsWith('npm run'));
    for (const sql of pasted) await queryRows(database.url, sql).catch(() => {});
    left = await findProblems(database);
  }
  return failing(left).map(({ name }) => name);
}

const isCheck = (line: string) => /^(ok|failed) /.test(line);
const whole = await filled();
const db = await testDatabase();
afterAll(whole.close);

test('an intact database passes every check, one line each', async () => {
  const { code, lines, failed } = await verify(whole.url);
  expect(failed).toEqual({});
  expect(code).toBe(0);
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.at(-1)).toBe(`${lines.length - 1} checks passed`);
});

test('a failed check prints one line with the fix, and the statements that repair it', async () => {
  const broken = await createDatabase(whole);
  try {
    await enableSynchronousCommit(broken);
    await queryRows(broken.url, 'drop index idx_provenance_license');
    const { code, failed, lines } = await verify(broken.url);
    expect(code).toBe(1);
    for (const line of Object.values(failed)) expect(line).toMatch(/: .+\. Fix: .{20,}\.$/);
    expect(lines.join('\n')).toMatch(/\n {8}create index concurrently idx_provenance_license /);
  } finally {
    await broken.close();
  }
});

test.each(Object.entries(damages))('%s is detected by its check, which prints the fix', async (_, damage) => {
  const broken = await createDatabase(whole);
  try {
    await enableSynchronousCommit(broken);
    await queryRows(damage.superuser ? broken.superuserUrl : broken.url, damage.sql);
    const found = await findProblems(broken);
    const seen = failing(found);
    expect(seen.map(({ name }) => name).sort()).toEqual([...damage.detectedBy].sort());
    for (const { advice } of seen) expect(advice).toMatch(/^.{20,}$/);
    const whats = seen.flatMap(({ problems }) => problems.map(({ what }) => what));
    expect(whats.every((what) => what.length > 0)).toBe(true);
    expect(whats.join('\n')).toContain(damage.problem ?? '');
    if (damage.unrepairable === undefined) expect(await repair(broken, found)).toEqual([]);
  } finally {
    await broken.close();
  }
});

test('a wrong encoding, and a login that does not own the tables, are detected', async () => {
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
    await enableSynchronousCommit({ url: ascii.href });
    expect((await verify(ascii.href)).failed).toEqual({
      'the database encoding is UTF-8': expect.stringContaining('the encoding is SQL_ASCII'),
    });
    const stranger = new URL(superuserUrl);
    stranger.pathname = name;
    stranger.searchParams.set('options', '-c role=pg_monitor');
    expect((await verify(stranger.href)).failed).toHaveProperty('this login owns the tables');
  } finally {
    await queryRows(superuserUrl, `drop database ${name} with (force)`);
  }
});

test('an empty and a half-migrated database are detected, and every check still prints its line', async () => {
  const half = await createDatabase(null);
  try {
    const empty = await verify(half.url);
    expect(empty.failed['all migrations are applied, and no unknown ones']).toContain(
      'the check could not run: relation "pgmigrations"',
    );
    await migrate(half.url, { count: 4 });
    const { code, failed, lines } = await verify(half.url);
    expect(code).toBe(1);
    expect(failed['all migrations are applied, and no unknown ones']).toContain('0005_add-passages is not applied');
    expect(failed['all tables exist']).toContain('chat_failure is missing');
    expect(lines.filter(isCheck)).toHaveLength(empty.lines.filter(isCheck).length);
    expect(lines.filter((line) => line.startsWith('        '))).toEqual(['        npm run -s cli -- migrate']);
  } finally {
    await half.close();
  }
});

test('an old server is detected', () => {
  expect(versionProblems('15.7 (Debian 15.7-0+deb12u1)')).toEqual([]);
  expect(versionProblems('14.12')).toEqual([{ what: 'the server is PostgreSQL 14.12' }]);
});

test('every check detects some damage', async () => {
  const testedElsewhere = [
    'the server is PostgreSQL 15 or newer',
    'the database encoding is UTF-8',
    'this login owns the tables',
    // Roles belong to the whole cluster, which other tests share: see roles.slow.test.ts.
    'roles exist and bypass nothing',
  ];
  const names = (await databaseChecks(db.pool, await migrationNames())).map(({ name }) => name);
  const seen = Object.values(damages).flatMap(({ detectedBy }) => detectedBy);
  expect([...new Set([...seen, ...testedElsewhere])].sort()).toEqual([...names].sort());
});

test('the expected schema matches the migrations; after changing them run npm run expected-schema', async () => {
  const [schema, definitions] = [expectedOf(await readSchema(db.pool)), await readDefinitions(db.pool)];
  expect(expectedSchemaText({ schema, definitions })).toBe(readFileSync(expectedSchemaFile, 'utf8'));
});

test('every non-unique index has a query to check it with', () => {
  const made = Object.entries(readExpectedSchema().schema.index).filter(([, what]) => !what.startsWith('UNIQUE'));
  expect(Object.keys(queries).sort()).toEqual(made.map(([name]) => name.split(':')[1]).sort());
});
