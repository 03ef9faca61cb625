/** Reads the rows of rag_metrics_history from a day on, oldest first. */
import type { Pool } from 'pg';
import { addDays, type Day, dayOf } from '../rollup/day.ts';
import type { HistoryRowWithLatencies } from '../rollup/history.ts';

/** @param days how many days up to and including `now`'s, in Asia/Tokyo; today has no row before it is over */
export async function readHistoryRows(
  pool: Pool,
  { days, now }: { days: number; now: Date },
): Promise<readonly HistoryRowWithLatencies[]> {
  const first: Day = addDays(dayOf(now), 1 - days);
  const { rows } = await pool.query<HistoryRowWithLatencies>({
    name: 'read-metrics-history',
    text: `
      select
        to_char(date, 'YYYY-MM-DD') as date,
        citation_rate::float8 as "citationRate",
        citation_count as "citationCount",
        unique_sources_count as "uniqueSourcesCount",
        latency_p50_ms as "latencyP50Ms",
        latency_p95_ms as "latencyP95Ms",
        latency_p99_ms as "latencyP99Ms",
        cost_per_answer::float8 as "costPerAnswer",
        total_cost::float8 as "totalCost",
        total_queries as "totalQueries",
        unique_users as "uniqueUsers",
        average_tokens_per_query as "averageTokensPerQuery",
        average_relevance_score::float8 as "averageRelevanceScore",
        positive_votes_rate::float8 as "positiveVotesRate",
        failed_queries as "failedQueries",
        no_answer_count as "noAnswerCount",
        priced_count as "pricedCount",
        slo_compliance as "sloCompliance",
        to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "computedAt",
        latency_histogram as "latencyHistogram"
      from rag_metrics_history
      where date >= $1::date
      order by rag_metrics_history.date`,
    values: [first],
  });
  return rows;
}
