/** Inserts plausible days into rag_metrics_history: mostly good, two bad, one without traffic, one without a rollup. */
import type { Pool } from 'pg';
import { upsertRagMetrics } from '../../services/postgres/metrics/daily-metrics.ts';
import { addDays, type Day } from '../../services/rollup/day.ts';
import { bucketGrowth } from '../../services/rollup/latency-histogram.ts';
import { type PeriodMetrics, verdict } from '../../services/rollup/period-metrics.ts';
import { emptyMetrics } from '../kit/data/empty-metrics.ts';

const span = 29;
/** Days before today. */
const neverRolledUp = 17;
const quietDay = 11;
const slowDay = 6;
const poorDay = 21;

/** @param today gets no row because it is not over */
export async function insertHistory(pool: Pool, today: Day): Promise<void> {
  const client = await pool.connect();
  try {
    for (let ago = span; ago >= 1; ago -= 1) {
      if (ago === neverRolledUp) continue;
      const metrics = ago === quietDay ? emptyMetrics : plausible(ago);
      await upsertRagMetrics(client, addDays(today, -ago), metrics, verdict(metrics));
    }
  } finally {
    client.release();
  }
}

function plausible(ago: number): PeriodMetrics {
  const weekday = Math.sin((ago * 2 * Math.PI) / 7);
  const wobble = (step: number) => Math.sin(ago * step) * 0.5 + Math.sin(ago * step * 2.7) * 0.5;
  const totalQueries = Math.round(311 + 140 * weekday + 41 * wobble(1.3));
  const noAnswerCount = Math.round(totalQueries * 0.06);
  const citationRate = ago === poorDay ? 66.31 : 86.2 + 5.1 * wobble(0.9);
  const slow = ago === slowDay ? 1_390 : 0;
  const [p50, p95, p99] = [
    871 + Math.round(113 * wobble(1.1)) + slow / 3,
    2_173 + Math.round(311 * wobble(0.7)) + slow,
    3_119 + Math.round(417 * wobble(0.8)) + slow,
  ];
  const costPerAnswer = 1.61 + 0.42 * wobble(0.55) + (ago === slowDay ? 1.72 : 0);
  return {
    totalQueries,
    noAnswerCount,
    failedQueries: ago === slowDay ? 5 : 0,
    uniqueUsers: Math.round(totalQueries / 4.3),
    citedCount: Math.round(((totalQueries - noAnswerCount) * citationRate) / 100),
    citationRate,
    citationCount: Math.round(totalQueries * 2.4),
    citationsByType: ofKinds(Math.round(totalQueries * 2.4), ago),
    uniqueSourcesCount: 57 + Math.round(8 * wobble(0.4)),
    latencyP50Ms: p50,
    latencyP95Ms: p95,
    latencyP99Ms: p99,
    latencyHistogram: {
      [bucketOf(p50)]: Math.round(totalQueries * 0.94),
      [bucketOf(p95)]: Math.round(totalQueries * 0.045),
      [bucketOf(p99)]: Math.round(totalQueries * 0.015),
    },
    pricedCount: totalQueries,
    costPerAnswer,
    totalCost: costPerAnswer * totalQueries,
    averageTokensPerQuery: 1_537,
    averageRelevanceScore: 0.81 + 0.05 * wobble(0.6) - (ago === poorDay ? 0.14 : 0),
    votes: 31,
    positiveVotes: 27,
    positiveVotesRate: 87.1,
  };
}

/** Notes are cited more and more often after their ingestion. */
function ofKinds(citations: number, ago: number): Readonly<Record<string, number>> {
  const note = Math.round((citations * Math.max(0, 20 - ago)) / 60);
  const document = Math.round(citations * 0.07);
  return { material: citations - note - document, ...(note > 0 && { note }), document };
}

function bucketOf(ms: number): number {
  return Math.ceil(Math.log(ms) / Math.log(bucketGrowth));
}

/** Inserts answers of today. */
export async function insertToday(pool: Pool, now: Date): Promise<void> {
  await pool.query(
    `with learner as (
       insert into users (id) select gen_random_uuid() from generate_series(1, 23) returning id
     ), numbered as (select id, row_number() over () as number from learner)
     insert into ai_dialogue_log (
       user_id, session_id, query, response, model_used, latency_ms, token_cost_jpy, total_tokens, relevance_score,
       citations, citation_rate, user_feedback, created_at
     )
     select
       numbered.id, gen_random_uuid(), 'a question', 'an answer', 'gpt-4.1-mini',
       (613 + 1511 * power(random(), 4))::integer, 1.3 + random(), 1400 + number, 0.7 + 0.25 * random(),
       case when turn % 8 = 0 then '[]'
         else jsonb_build_array(jsonb_build_object('source', 'Lecture ' || turn % 13, 'sourceType', 'material',
           'excerpt', 'an excerpt', 'confidence', 0.9, 'timestamp', $1::timestamptz, 'valid', true)) end,
       case when turn % 8 = 0 then 0 else 100 end,
       case when turn % 7 = 0 then 1 when turn % 29 = 0 then -1 end,
       $1
     from generate_series(1, 187) turn join numbered on number = turn % 23 + 1`,
    [now],
  );
}
