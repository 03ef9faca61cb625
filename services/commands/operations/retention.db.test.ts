import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { contentDocument, expectCountsToMatch } from '../../../test/kit/data/content-document.ts';
import { allRows } from '../../../test/kit/database/all-rows.ts';
import { insertDialogue } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { killLeftovers, startChild } from '../../../test/kit/programs/child.ts';
import { createRollDay } from '../../jobs/leased-job.ts';
import { connect } from '../../postgres/client/connect.ts';
import { createStoreContent } from '../../postgres/content/store-content.ts';
import { runRetention } from './retention.ts';

const db = await testDatabase();
// With the worker's role, whose rights must suffice.
const pool = connect(db.url, { name: 'test-worker', max: 5, role: 'rag_worker' });
afterAll(() => pool.end());
killLeftovers();
const store = createStoreContent(pool);
const then = () => new Date('2024-02-03T04:05:06Z');
const long = { acquiredAt: new Date('2001-01-01') };

beforeEach(async () => {
  await db.query(
    'truncate passage, passage_embedding, passage_term, provenance, retention_audit, dialogue_retention_run, job_run',
  );
  await db.query('truncate ai_dialogue_log, rag_metrics_history cascade');
  await db.query('update passage_corpus set passages = 0, term_count = 0');
});

async function run(flags = {}, options: { days?: number; columns?: number; now?: () => Date } = {}) {
  const pieces: string[] = [];
  const code = await runRetention(flags, {
    pool,
    now: options.now ?? then,
    clock: () => 0,
    terminal: { columns: options.columns, write: (text) => void pieces.push(text) },
    signal: new AbortController().signal,
    dialogueDays: options.days,
  });
  return { code, written: pieces.join(''), lines: pieces.join('').trimEnd().split('\n') };
}

async function twoExpired() {
  const acquiredAt = new Date('2021-02-03T04:05:06Z');
  const content = (name: string, years: number) => ({
    sourceUri: `https://example.org/${name}`,
    acquiredAt,
    retentionYears: years,
  });
  await store(contentDocument(content('a', 3), ['Seven.', 'Eleven.']));
  await store(contentDocument({ ...content('b', 1), contentType: 'generated' }));
  await store(contentDocument(content('c', 4), ['Thirteen.']));
  const rows = await db.query('select source_uri, content_id from provenance');
  return new Map(rows.map(({ source_uri, content_id }) => [source_uri, content_id]));
}

const lineOf = (ids: Map<string, string>) => [
  `https://example.org/b  generated ${ids.get('https://example.org/b')}, 1 passage: acquired 2021-02-03T04:05:06.000Z, retention 1 year, expired 2022-02-03T04:05:06.000Z`,
  `https://example.org/a  material ${ids.get('https://example.org/a')}, 2 passages: acquired 2021-02-03T04:05:06.000Z, retention 3 years, expired 2024-02-03T04:05:06.000Z`,
];

const whole = { signal: new AbortController().signal, since: null };
const roll = (day: string) => createRollDay(pool, { retries: 0 })(day, { ...whole, runId: randomUUID() });

test('a dry run lists exactly what would be removed, and changes nothing in the database', async () => {
  const ids = await twoExpired();
  await insertDialogue(db, { created_at: '2024-01-01T10:00:00Z' });
  await roll('2024-01-01');
  const before = await allRows(db);
  const { code, lines } = await run({ dryRun: true }, { days: 30 });
  expect(code).toBe(0);
  expect(lines).toEqual([
    ...lineOf(ids).map((line) => `would remove ${line}`),
    'content: would remove 2 documents with 3 passages',
    'dialogues: would delete 1 (with 0 provenance rows, 0 judgements, 0 idempotency keys) from before 2024-01-04',
  ]);
  expect(await allRows(db)).toEqual(before);
});

test('what the dry run listed is removed, reported with the reason, and recorded as a run', async () => {
  const ids = await twoExpired();
  const { code, lines } = await run();
  expect(code).toBe(0);
  expect(lines).toEqual([
    ...lineOf(ids).map((line) => `removed ${line}`),
    'content: removed 2 documents with 3 passages, 0 failed, in 0.0 s',
    'dialogues: kept, because DIALOGUE_RETENTION_DAYS is not set',
  ]);
  expect(await db.query('select text from passage')).toEqual([{ text: 'Thirteen.' }]);
  expect(await db.query('select job, day, state, rows_written from job_run')).toEqual([
    { job: 'content_retention', day: '2024-02-03', state: 'succeeded', rows_written: 2 },
  ]);
  expect(await db.query('select distinct run_id from retention_audit')).toEqual(
    await db.query('select run_id from job_run'),
  );
  expect((await run()).lines[0]).toBe('content: removed 0 documents with 0 passages, 0 failed, in 0.0 s');
});

test('a document that cannot be removed is reported, the others are removed, and the run fails', async () => {
  const ids = await twoExpired();
  await db.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refuse before delete on passage for each row when (old.content_type = 'generated') execute function refuse()`);
  const { code, lines } = await run({}, { columns: 80 });
  await db.query('drop trigger refuse on passage; drop function refuse()');
  expect(code).toBe(1);
  expect(lines[0]).toBe(`\r\u001b[Kfailed to remove ${lineOf(ids)[0]}: PostgreSQL P0001`);
  expect(lines[1]).toBe(`1/2\r\u001b[Kremoved ${lineOf(ids)[1]}`);
  expect(lines[2]).toMatch(
    /content: removed 1 document with 2 passages, 1 failed, in 0.0 s: .*1 expired documents could not be/,
  );
  expect(await db.query('select state, rows_written, error from job_run')).toEqual([
    { state: 'failed', rows_written: 1, error: expect.stringContaining('1 expired documents could not be removed') },
  ]);
  await expectCountsToMatch(db);
});

test('old dialogues are deleted, while their days stay in the history and cannot be recomputed', async () => {
  await insertDialogue(db, { created_at: '2024-01-01T10:00:00Z' });
  await insertDialogue(db, { created_at: '2024-01-03T14:59:59Z' });
  await insertDialogue(db, { created_at: '2024-01-03T15:00:00Z' });
  for (const day of ['2024-01-01', '2024-01-03']) await roll(day);
  const history = await db.query('select * from rag_metrics_history order by date');
  const { code, lines } = await run({}, { days: 30 });
  expect(code).toBe(0);
  expect(lines[1]).toBe(
    'dialogues: deleted 2 (with 0 provenance rows, 0 judgements, 0 idempotency keys) from before 2024-01-04 in 0.0 s',
  );
  expect(await roll('2024-01-03')).toMatchObject({ state: 'failed', error: expect.stringContaining('deleted') });
  expect(await roll('2024-01-04')).toMatchObject({ state: 'succeeded' });
  expect(await db.query(`select * from rag_metrics_history where date < '2024-01-04' order by date`)).toEqual(history);
  expect(await db.query(`select job, rows_written from job_run where job = 'dialogue_retention'`)).toEqual([
    { job: 'dialogue_retention', rows_written: 2 },
  ]);
});

test('old orphaned dialogues are deleted too', async () => {
  const orphan = (created_at: string) =>
    db.query('insert into orphaned_dialogue (id, user_id, dialogue) values ($1, $1, $2)', [
      randomUUID(),
      { created_at },
    ]);
  await orphan('2024-01-03T14:59:59+00:00');
  await orphan('2024-01-04T00:00:00+09:00');
  expect((await run({ dryRun: true }, { days: 30 })).lines[1]).toMatch(/^dialogues: would delete 1 /);
  expect((await run({}, { days: 30 })).lines[1]).toMatch(/^dialogues: deleted 1 /);
  expect(await db.query(`select dialogue ->> 'created_at' as at from orphaned_dialogue`)).toEqual([
    { at: '2024-01-04T00:00:00+09:00' },
  ]);
  expect(await db.query('select ai_dialogue_log from dialogue_retention_run')).toEqual([{ ai_dialogue_log: 1 }]);
});

test('dialogues of a day without a rollup are kept, and the report says what to do', async () => {
  await insertDialogue(db, { created_at: '2024-01-01T10:00:00Z' });
  await insertDialogue(db, { created_at: '2024-01-02T10:00:00Z' });
  await roll('2024-01-01');
  const held =
    'kept dialogues from 2024-01-02 on, because that day has no rollup; run: npm run -s cli -- rollup --from 2024-01-02';
  expect((await run({ dryRun: true }, { days: 30 })).lines[1]).toContain(held);
  expect((await run({}, { days: 30 })).lines[1]).toContain(held);
  expect(await db.query('select created_at from ai_dialogue_log')).toEqual([
    { created_at: new Date('2024-01-02T10:00:00Z') },
  ]);
  expect(await db.query('select held_back_by from dialogue_retention_run')).toEqual([{ held_back_by: '2024-01-02' }]);
});

test('the command skips a job that a worker is running', async () => {
  await twoExpired();
  await db.query(`insert into job_run (job, day, state, worker, lease_until)
    values ('content_retention', '2024-02-03', 'running', 'another', now() + interval '1 minute')`);
  const { code, lines } = await run();
  expect([code, lines[0]]).toEqual([
    1,
    'content: removed 0 documents with 0 passages, 0 failed, in 0.0 s (skipped: a worker is running this job; retry in a minute)',
  ]);
});

test('two concurrent runs remove each document once', async () => {
  for (let index = 0; index < 9; index += 1) await store(contentDocument(long));
  const [one, other] = await Promise.all([run(), run()]);
  // The second one is skipped, unless it started after the first had finished.
  expect([one.code, other.code]).toContain(0);
  const removed = [...one.lines, ...other.lines].filter((line) => line.startsWith('removed '));
  expect(new Set(removed).size).toBe(9);
  expect(removed).toHaveLength(9);
  expect(await db.query('select count(*) from retention_audit')).toEqual([{ count: 9 }]);
});

test('a killed run leaves every document either intact or removed, and the next run removes the rest', async () => {
  for (let index = 0; index < 40; index += 1) {
    await store(contentDocument(long, ['Seven.', 'Eleven.', 'Thirteen.']));
  }
  const program = fileURLToPath(new URL('../../cli.ts', import.meta.url));
  const child = startChild(process.execPath, [program, 'retention'], { env: { DATABASE_URL: db.url } });
  await child.line(/^removed /);
  child.process.kill('SIGKILL');
  await child.ended();
  const [{ removed, audited, passages }] = (await db.query(`
    select
      (select count(*) from provenance where removed_at is not null) as removed,
      (select count(*) from retention_audit) as audited,
      (select count(*) from passage) as passages`)) as [{ removed: number; audited: number; passages: number }];
  expect(removed).toBeGreaterThan(0);
  expect(removed).toBeLessThan(40);
  expect(audited).toBe(removed);
  expect(passages).toBe((40 - removed) * 3);
  await expectCountsToMatch(db);

  const now = () => new Date();
  expect((await run({}, { now })).lines[0]).toContain('a worker is running this job'); // until the lease expires
  await db.query(`update job_run set lease_until = now() - interval '1 second'`);
  expect((await run({}, { now })).lines.at(-2)).toContain(`content: removed ${40 - removed} document`);
  expect(await db.query('select count(*) from passage')).toEqual([{ count: 0 }]);
  expect(await db.query('select count(*) from retention_audit')).toEqual([{ count: 40 }]);
  await expectCountsToMatch(db);
});
