import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insertDialogue, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { startOf } from '../../rollup/day.ts';
import { latencyPercentile, mergeLatencies, packLatencies } from '../../rollup/latency-histogram.ts';
import { acquireJobRun } from '../jobs/job-runs.ts';
import { ragMetricsToday, readMetricsHistory } from './daily-metrics.ts';
import { measurePeriod } from './measure-period.ts';
import { rollUpDay } from './roll-up-day.ts';

const db = await testDatabase();
const user_id = await insertUser(db);
const now = new Date('2026-03-09T18:30:00Z'); // 03:30 on 10 March in Tokyo

async function roll(day: string) {
  const claim = { runId: randomUUID(), job: 'rollup', day, worker: 'test', leaseMs: 60_000, since: null };
  await rollUpDay(db.pool, day, { leaseId: (await acquireJobRun(db.pool, claim)) ?? '', attempts: 1 });
}

test('the history lists the rolled-up days, oldest first, up to the requested number', async () => {
  await insertDialogue(db, { user_id, created_at: startOf('2026-03-08'), latency_ms: 219, total_tokens: 17 });
  await insertDialogue(db, { user_id, created_at: startOf('2026-03-09'), latency_ms: 877, token_cost_jpy: '4.25' });
  await db.query(`insert into chat_failure (at, stage, failure) values ($1, 'record', 'internal')`, [
    startOf('2026-03-09'),
  ]);
  for (const day of ['2026-03-09', '2026-03-07', '2026-03-08']) await roll(day);
  const { days, latency } = await readMetricsHistory(db.pool, { days: 3, now });
  expect(
    days.map(({ date, totalQueries, latencyP95Ms, errorRate }) => [date, totalQueries, latencyP95Ms, errorRate]),
  ).toEqual([
    ['2026-03-08', 1, 219, 0],
    ['2026-03-09', 1, 877, 0.5],
  ]);
  expect(days[1]).toEqual({
    date: '2026-03-09',
    citationRate: 0,
    citationCount: 0,
    uniqueSourcesCount: 0,
    latencyP50Ms: 877,
    latencyP95Ms: 877,
    latencyP99Ms: 877,
    costPerAnswer: 4.25,
    totalCost: 4.25,
    totalQueries: 1,
    uniqueUsers: 1,
    averageTokensPerQuery: null,
    averageRelevanceScore: null,
    positiveVotesRate: null,
    failedQueries: 1,
    noAnswerCount: 0,
    pricedCount: 1,
    errorRate: 0.5,
    sloCompliance: {
      citationRateMet: false,
      latencyMet: true,
      costMet: false,
      relevanceMet: null,
      overallMet: false,
    },
    computedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  expect(Math.abs((latency.p50Ms ?? 0) - (219 + 877) / 2)).toBeLessThanOrEqual(6);
  const [first] = (await readMetricsHistory(db.pool, { days: 4, now })).days;
  expect(first).toMatchObject({ date: '2026-03-07', totalQueries: 0, errorRate: null, citationRate: null });
});

test('today so far is evaluated against every objective before its rollup', async () => {
  await insertDialogue(db, {
    user_id,
    created_at: startOf('2026-03-10'),
    latency_ms: 1601,
    token_cost_jpy: '3.5',
    relevance_score: 0.83,
  });
  await insertDialogue(db, { user_id, created_at: now, latency_ms: 1603, token_cost_jpy: null, user_feedback: -1 });
  const report = await ragMetricsToday(db.pool, now);
  expect(report).toMatchObject({ day: '2026-03-10', generatedAt: '2026-03-09T18:30:00.000Z' });
  expect(report.objectives.map(({ key, value, met }) => [key, value, met])).toEqual([
    ['citationRate', 0, false],
    ['latencyP50', 1.602, false],
    ['latencyP95', expect.closeTo(1.6029, 6), true],
    ['costPerAnswer', 3.5, false],
    ['relevance', 0.83, true],
    ['errorRate', 0, true],
  ]);
  expect(report.objectives[0]).toMatchObject({
    name: 'citation_rate',
    unit: 'ratio',
    direction: 'atLeast',
    target: 0.7,
    warning: 0.65,
    critical: 0.6,
    action: 'Review content sources',
  });
  expect(report.objectives[1]).toMatchObject({ warning: null, critical: null, action: null });
  expect(report.totals).toMatchObject({
    queries: 2,
    failed: 0,
    priced: 1,
    totalCostJpy: 3.5,
    votes: 1,
    positiveVotes: 0,
  });
  expect(report.compliance.overallMet).toBe(false);
});

test('before the first question of the day no objective is evaluated, and unknown values are not zero', async () => {
  const report = await ragMetricsToday(db.pool, new Date('2026-04-01T00:00:00Z'));
  expect(report.objectives.map(({ value, met }) => [value, met])).toEqual(Array(6).fill([null, null]));
  expect(report.totals).toMatchObject({ queries: 0, failed: 0, totalCostJpy: null });
  expect(report.compliance.overallMet).toBeNull();
});

test("percentiles of the stored buckets are within 1 % of PostgreSQL's own", async () => {
  const latency = fc.oneof(fc.nat({ max: 30_000 }), fc.constantFrom(0, 1, 2, 2_147_483_647));
  const [values = []] = fc.sample(fc.array(latency, { minLength: 400, maxLength: 400 }), 1);
  await db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used, latency_ms, created_at)
     select $1, gen_random_uuid(), 'q', 'r', 'm', unnest($2::integer[]), '2026-05-05 00:00:00+00'`,
    [user_id, values],
  );
  const period = { from: startOf('2026-05-05'), to: startOf('2026-05-06') };
  const { latencyHistogram, latencyP50Ms, latencyP95Ms, latencyP99Ms } = await measurePeriod(db.pool, period);
  for (const [share, exact] of [
    [0.5, latencyP50Ms],
    [0.95, latencyP95Ms],
    [0.99, latencyP99Ms],
  ] as const) {
    const read = latencyPercentile(mergeLatencies([packLatencies(latencyHistogram ?? {})]), share) ?? Number.NaN;
    expect(Math.abs(read - (exact ?? 0))).toBeLessThanOrEqual((exact ?? 0) * 0.01);
  }
});

test('the SQL in docs/rollup.md calculates the percentile of a month from the histograms of its days', async () => {
  const sql = /```sql\n([\s\S]*?)```/.exec(await readFile('docs/rollup.md', 'utf8'))?.[1] ?? '';
  const [row] = await db.query<{ p95_ms: number }>(sql);
  expect(Math.abs((row?.p95_ms ?? 0) - 877)).toBeLessThanOrEqual(877 * 0.01);
});
