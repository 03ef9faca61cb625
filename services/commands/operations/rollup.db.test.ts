import { expect, test } from 'vitest';
import { insertDialogue } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { daysFrom, type RollupFlags, runRollup } from './rollup.ts';

const db = await testDatabase();
const now = () => new Date('2026-03-09T17:00:00Z'); // 10 March in Tokyo
const today = '2026-03-10';

async function run(flags: RollupFlags, columns?: number, signal = new AbortController().signal) {
  const pieces: string[] = [];
  const terminal = { columns, write: (text: string) => void pieces.push(text) };
  const code = await runRollup(flags, { pool: db.pool, now, terminal, signal });
  const written = pieces.join('');
  return { code, written, lines: written.trimEnd().split('\n') };
}

test.each([
  [{}, ['2026-03-09']],
  [{ date: '2026-03-10' }, ['2026-03-10']],
  [{ from: '2026-03-07' }, ['2026-03-07', '2026-03-08', '2026-03-09']],
  [{ from: '2024-02-28', to: '2024-03-01' }, ['2024-02-28', '2024-02-29', '2024-03-01']],
])('%j selects the days %j', (flags, days) => {
  expect(daysFrom(flags, today)).toEqual(days);
});

test.each([
  [{ date: '2026-02-30' }, '--date: "2026-02-30" is not a calendar day in the form YYYY-MM-DD'],
  [{ from: 'last week' }, '--from: "last week" is not a calendar day'],
  [{ from: '2026-03-01', to: '2026-3-5' }, '--to: "2026-3-5" is not a calendar day'],
  [{ date: '2026-03-11' }, '--date: 2026-03-11 is in the future; today in Asia/Tokyo is 2026-03-10'],
  [{ from: '2026-03-05', to: '2026-03-04' }, '--from 2026-03-05 is after --to 2026-03-04'],
  [{ to: '2026-03-05' }, '--to requires --from'],
  [{ date: '2026-03-05', from: '2026-03-04' }, '--date cannot be combined'],
  [{ from: '1900-01-01' }, 'too many days: '],
])('%j is rejected: %s', (flags, message) => {
  expect(() => daysFrom(flags, today)).toThrow(message);
});

test('a range is rolled up day by day, with one line of results each', async () => {
  const cited = [{ source: 'Alpha', sourceType: 'material', excerpt: 'x', confidence: 1, timestamp: '' }];
  await insertDialogue(db, {
    created_at: '2026-03-06 15:00:00+00',
    citations: cited,
    latency_ms: 437,
    token_cost_jpy: '1.25',
    relevance_score: 0.91,
  });
  await insertDialogue(db, {
    created_at: '2026-03-08 14:59:59.999999+00',
    citations: [],
    latency_ms: 3691,
    token_cost_jpy: null,
  });
  const { code, lines } = await run({ from: '2026-03-06', to: '2026-03-08' });
  expect(code).toBe(0);
  expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['day', 'answers', 'failed', 'cited %', 'P50 ms', 'P95 ms', 'yen/answer', 'relevance', 'objectives'],
    ['2026-03-06', '0', '0', '-', '-', '-', '-', '-', 'no data'],
    ['2026-03-07', '1', '0', '100.00', '437', '437', '1.250000', '0.91', 'met'],
    ['2026-03-08', '1', '0', '0.00', '3691', '3691', '-', '-', 'breached: citations, latency'],
    ['3 of 3 days rolled up in 0.0 s'],
  ]);
  expect(await db.query('select date, total_queries from rag_metrics_history order by date')).toEqual([
    { date: '2026-03-06', total_queries: 0 },
    { date: '2026-03-07', total_queries: 1 },
    { date: '2026-03-08', total_queries: 1 },
  ]);
  const runs = await db.query(
    'select count(distinct run_id) as runs, count(*) as days, min(state) as state from job_run',
  );
  expect(runs).toEqual([{ runs: 1, days: 3, state: 'succeeded' }]);
});

test('a terminal shows one line of progress and clears it at the end', async () => {
  const { written } = await run({ from: '2026-03-07', to: '2026-03-08' }, 80);
  expect(written).toContain('\n1/2 days\r\u001b[K2026-03-08');
  expect(written).not.toContain('2/2 days');
});

test('today can be rolled up, and is marked as incomplete', async () => {
  const { lines } = await run({ date: today });
  expect(lines[1]).toMatch(/2026-03-10.*no data \(so far\)$/);
});

test('a day that another worker is processing is skipped, which is a failure', async () => {
  await db.query(`insert into job_run (job, day, state, worker, lease_until)
    values ('rollup', '2026-03-01', 'running', 'another', now() + interval '1 minute')`);
  const { code, lines } = await run({ date: '2026-03-01' });
  expect([code, lines[1], lines[2]]).toEqual([
    1,
    '2026-03-01  skipped: another worker is processing this day; retry in a minute',
    '0 of 1 day rolled up in 0.0 s',
  ]);
});

test('a database error ends the range at the first day, with the reason and a failed run', async () => {
  await db.query('alter table rag_metrics_history rename column unique_users to something_else');
  const { code, lines } = await run({ from: '2026-02-01', to: '2026-02-03' });
  await db.query('alter table rag_metrics_history rename column something_else to unique_users');
  expect(code).toBe(1);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('2026-02-01  failed after 3 attempts: PostgreSQL 42703: column "unique_users"');
  expect(await db.query(`select state, attempts, rows_written, error from job_run where day = '2026-02-01'`)).toEqual([
    { state: 'failed', attempts: 3, rows_written: 0, error: expect.stringContaining('PostgreSQL 42703') },
  ]);
});

test('when stopped, it starts no further day and reports how many it rolled up', async () => {
  const { code, lines } = await run({ from: '2026-03-01' }, undefined, AbortSignal.abort());
  expect(code).toBe(1);
  expect(lines.at(-1)).toMatch(/^0 of 9 days/);
});
