import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { insertDialogue, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { LeaseLost } from '../../rollup/leased-run.ts';
import { connect } from '../client/connect.ts';
import { acquireJobRun } from '../jobs/job-runs.ts';
import { rollUpDay } from './roll-up-day.ts';

const db = await testDatabase();
const users = await Promise.all([insertUser(db), insertUser(db), insertUser(db), insertUser(db), insertUser(db)]);

const cite = (source: string, valid?: boolean, sourceType = 'material') => ({
  source,
  sourceType,
  excerpt: 'text',
  confidence: 0.9,
  timestamp: '2026-03-05T00:00:00Z',
  ...(valid === undefined ? {} : { valid }),
});

/** 5 March 2026 in Tokyo is from 4 March 15:00 UTC to 5 March 15:00 UTC. */
const day = '2026-03-05';
const answers = [
  {
    user_id: users[0],
    created_at: '2026-03-04 15:00:00+00',
    citations: [cite('Alpha', true), cite('Beta'), cite('Gamma', false)],
    latency_ms: 0,
    token_cost_jpy: 0,
    total_tokens: 101,
    relevance_score: 0.81,
    user_feedback: 1,
  },
  {
    user_id: users[0],
    created_at: '2026-03-05 01:02:03+00',
    citations: [],
    latency_ms: 412,
    token_cost_jpy: null,
    user_feedback: 0,
  },
  {
    user_id: users[1],
    created_at: '2026-03-05 02:00:00+00',
    citations: [cite('Alpha', true)],
    latency_ms: 1733,
    token_cost_jpy: '2.345678',
    total_tokens: 857,
    relevance_score: 0.64,
    user_feedback: -1,
  },
  {
    user_id: users[2],
    created_at: '2026-03-05 03:00:00+00',
    outcome: 'no_answer',
    latency_ms: 95,
    token_cost_jpy: '0.000001',
    total_tokens: 12,
    user_feedback: 1,
  },
  {
    user_id: users[2],
    created_at: '2026-03-05 04:00:00+00',
    citations: [cite('Delta', false)],
    latency_ms: 3471,
    token_cost_jpy: '7.654321',
    total_tokens: 2048,
    relevance_score: 0.7,
  },
  {
    user_id: users[1],
    created_at: '2026-03-05 05:00:00+00',
    citations: [cite('Epsilon', true, 'note'), cite('Alpha', true, 'himitsu')],
    latency_ms: 1,
    token_cost_jpy: '1.234567',
    total_tokens: 33,
    relevance_score: 0.9,
    user_feedback: 1,
  },
  {
    user_id: users[3],
    created_at: '2026-03-05 14:59:59.999999+00',
    outcome: 'no_answer',
    latency_ms: null,
    token_cost_jpy: null,
    total_tokens: 5,
    relevance_score: 0.33,
  },
];
/** One microsecond before the day, and its end: the only traffic of the neighbouring days. */
const neighbours = [
  {
    user_id: users[4],
    created_at: '2026-03-04 14:59:59.999999+00',
    citations: [cite('Zeta')],
    latency_ms: 777,
    token_cost_jpy: '2.5',
    total_tokens: 71,
    relevance_score: 0.7,
    user_feedback: -1,
  },
  { user_id: users[4], created_at: '2026-03-05 15:00:00+00', citations: [], latency_ms: 888, token_cost_jpy: null },
];
const failures = [
  ['2026-03-04 14:59:59.999999+00', 'internal'],
  ['2026-03-04 15:00:00+00', 'internal'],
  ['2026-03-05 03:00:00+00', 'model_unavailable'],
  ['2026-03-05 03:00:00+00', 'cancelled'],
  ['2026-03-05 14:59:59.999999+00', 'database_unavailable'],
  ['2026-03-05 15:00:00+00', 'internal'],
];

for (const row of [...answers, ...neighbours]) await insertDialogue(db, row);
for (const [at, failure] of failures) {
  await db.query(`insert into chat_failure (at, stage, failure) values ($1, 'generate', $2)`, [at, failure]);
}

const expected = {
  date: day,
  // Answered: 5. Of these with a valid citation: 3.
  citation_rate: 60,
  citation_count: 5,
  citations_by_type: { material: 3, note: 1, other: 1 }, // Gamma and Delta are not valid
  unique_sources_count: 3, // Alpha, Beta, Epsilon
  // 0 1 95 412 1733 3471: P50 (95+412)/2, P95 1733+0.75×1738 = 3036.5, P99 1733+0.95×1738 = 3384.1
  latency_p50_ms: 254,
  latency_p95_ms: 3037,
  latency_p99_ms: 3384,
  total_cost: 11.234567,
  cost_per_answer: 2.246913, // 11.234567 / 5 = 2.2469134
  priced_count: 5,
  total_queries: 7,
  unique_users: 4,
  average_tokens_per_query: 509, // 3056 / 6
  average_relevance_score: 0.68, // 3.38 / 5 = 0.676
  positive_votes_rate: 75, // 3 of 4; the withdrawn vote does not count
  failed_queries: 3,
  no_answer_count: 2,
  latency_histogram: { zero: 1, 0: 1, 230: 1, 305: 1, 377: 1, 412: 1 },
  slo_compliance: {
    citationRateMet: false,
    latencyMet: false,
    costMet: true,
    relevanceMet: false,
    overallMet: false,
  },
};

async function roll(date: string, pool = db.pool) {
  const leaseId = await acquireJobRun(pool, {
    runId: randomUUID(),
    job: 'rollup',
    day: date,
    worker: 'test',
    leaseMs: 60_000,
    since: null,
  });
  if (leaseId === null) throw new Error('the lease is taken');
  return rollUpDay(pool, date, { leaseId, attempts: 1 });
}

async function rowsOf(date: string) {
  const rows = await db.query(
    `select *, (
       select jsonb_object_agg(coalesce(bucket::text, 'zero'), answers) from rag_latency_counts(latency_histogram)
     ) as latency_histogram
     from rag_metrics_history where date = $1`,
    [date],
  );
  return rows.map(({ id: _, created_at: __, ...row }) => row);
}

test('every column of a day matches the values calculated by hand, with day boundaries in Asia/Tokyo', async () => {
  await roll(day);
  expect(await rowsOf(day)).toEqual([expected]);
});

test('rolling up a day again replaces its row, so late votes count and nothing is counted twice', async () => {
  await db.query(`update ai_dialogue_log set user_feedback = -1 where created_at = '2026-03-04 15:00:00+00'`);
  await roll(day);
  expect(await rowsOf(day)).toEqual([{ ...expected, positive_votes_rate: 50 }]);
  await db.query(`update ai_dialogue_log set user_feedback = 1 where created_at = '2026-03-04 15:00:00+00'`);
  await roll(day);
  expect(await rowsOf(day)).toEqual([expected]);
});

test('neighbouring days have their own traffic, and zero differs from missing', async () => {
  await roll('2026-03-04');
  await roll('2026-03-06');
  const [before, after] = [...(await rowsOf('2026-03-04')), ...(await rowsOf('2026-03-06'))];
  expect(before).toMatchObject({
    total_queries: 1,
    failed_queries: 1,
    citation_rate: 100,
    latency_p50_ms: 777,
    latency_p99_ms: 777,
    total_cost: 2.5,
    positive_votes_rate: 0,
    average_relevance_score: 0.7,
    slo_compliance: { citationRateMet: true, latencyMet: true, costMet: true, relevanceMet: true, overallMet: true },
  });
  expect(after).toMatchObject({
    total_queries: 1,
    failed_queries: 1,
    citation_rate: 0,
    citation_count: 0,
    latency_p95_ms: 888,
    total_cost: null,
    cost_per_answer: null,
    priced_count: 0,
    positive_votes_rate: null,
    average_relevance_score: null,
    slo_compliance: { citationRateMet: false, latencyMet: true, costMet: null, relevanceMet: null, overallMet: false },
  });
});

test('a day without traffic has a row without rates and verdict', async () => {
  await roll('2026-02-28');
  expect(await rowsOf('2026-02-28')).toEqual([
    {
      date: '2026-02-28',
      citation_rate: null,
      citation_count: 0,
      citations_by_type: {},
      unique_sources_count: 0,
      latency_p50_ms: null,
      latency_p95_ms: null,
      latency_p99_ms: null,
      cost_per_answer: null,
      total_cost: null,
      total_queries: 0,
      unique_users: 0,
      average_tokens_per_query: null,
      average_relevance_score: null,
      positive_votes_rate: null,
      failed_queries: 0,
      no_answer_count: 0,
      priced_count: 0,
      latency_histogram: null,
      slo_compliance: { citationRateMet: null, latencyMet: null, costMet: null, relevanceMet: null, overallMet: null },
    },
  ]);
});

test('the time zone of the server or session does not shift days', async () => {
  await db.query(
    `do $$ begin execute format('alter database %I set timezone to %L', current_database(), 'America/New_York'); end $$`,
  );
  const pool = connect(db.url, { name: 'test in New York', max: 1 });
  try {
    expect((await pool.query('show timezone')).rows).toEqual([{ TimeZone: 'America/New_York' }]);
    await db.query('delete from rag_metrics_history');
    await roll(day, pool);
    expect(await rowsOf(day)).toEqual([expected]);
  } finally {
    await pool.end();
    await db.query(`do $$ begin execute format('alter database %I reset timezone', current_database()); end $$`);
  }
});

test('free answers cost 0 yen, which meets the objective', async () => {
  await insertDialogue(db, { created_at: '2026-01-10 00:00:00+00', token_cost_jpy: 0 });
  await roll('2026-01-10');
  expect(await rowsOf('2026-01-10')).toMatchObject([
    { total_cost: 0, cost_per_answer: 0, priced_count: 1, slo_compliance: { costMet: true } },
  ]);
});

test('citations other than arrays of objects are ignored', async () => {
  for (const citations of ['{"source": "Alpha"}', '"Alpha"', '[null, "Alpha", 7, {"source": "Eta"}, {}]']) {
    const id = await insertDialogue(db, { created_at: '2026-01-11 00:00:00+00' });
    await db.query('update ai_dialogue_log set citations = $2::jsonb where id = $1', [id, citations]);
  }
  await roll('2026-01-11');
  expect(await rowsOf('2026-01-11')).toMatchObject([
    {
      total_queries: 3,
      citation_count: 2,
      citations_by_type: { other: 2 },
      unique_sources_count: 1,
      citation_rate: 33.33,
    },
  ]);
});

test('an answer whose claims could not be judged counts neither as cited nor as uncited', async () => {
  for (const [citations, rate] of [
    ['[{"source": "Alpha", "valid": true}]', 100],
    ['[{"source": "Alpha", "valid": null}]', null],
    ['[{"source": "Alpha", "valid": false}]', 0],
  ] as const) {
    const id = await insertDialogue(db, { created_at: '2026-01-13 00:00:00+00', citation_rate: rate });
    await db.query('update ai_dialogue_log set citations = $2::jsonb where id = $1', [id, citations]);
  }
  await roll('2026-01-13');
  expect(await rowsOf('2026-01-13')).toMatchObject([{ total_queries: 3, citation_count: 1, citation_rate: 50 }]);
});

test('a worker that lost its lease while computing writes nothing', async () => {
  const run = { runId: randomUUID(), job: 'rollup', day: '2026-01-12', worker: 'slow', leaseMs: 1, since: null };
  const leaseId = await acquireJobRun(db.pool, run);
  await db.query(`update job_run set state = 'failed' where id = $1`, [leaseId]);
  await expect(rollUpDay(db.pool, '2026-01-12', { leaseId: leaseId ?? '', attempts: 1 })).rejects.toThrow(LeaseLost);
  expect(await rowsOf('2026-01-12')).toEqual([]);
});

test('a connection lost during the write fails only that attempt, and the next one writes the day', async () => {
  const claim = {
    runId: randomUUID(),
    job: 'rollup',
    day: '2026-01-13',
    worker: 'cut off',
    leaseMs: 60_000,
    since: null,
  };
  const leaseId = (await acquireJobRun(db.pool, claim)) ?? '';
  const blocker = await db.pool.connect();
  try {
    await blocker.query('begin; lock table rag_metrics_history in access exclusive mode');
    const cutOff = expect(rollUpDay(db.pool, '2026-01-13', { leaseId, attempts: 1 })).rejects.toThrow(/terminat/);
    for (let ended = 0; ended === 0; ) {
      const { rows } = await blocker.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      ended = rows.length;
    }
    await cutOff;
    await blocker.query('rollback');
  } finally {
    blocker.release();
  }
  await rollUpDay(db.pool, '2026-01-13', { leaseId, attempts: 2 });
  expect(await rowsOf('2026-01-13')).toHaveLength(1);
});
