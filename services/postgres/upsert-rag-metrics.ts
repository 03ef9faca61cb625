/** Writes a day's row of rag_metrics_history; a day that has one already gets it replaced. */
import type { ClientBase } from 'pg';
import type { Day } from '../rollup/day.ts';
import { packLatencies } from '../rollup/latency-histogram.ts';
import type { PeriodMetrics } from '../rollup/period-metrics.ts';
import type { Compliance } from '../slo/verdict.ts';

/**
 * Values come in exact and are rounded here, half away from zero, to what the columns hold.
 * @throws {RangeError} if the latencies were counted otherwise than a histogram can hold
 */
export async function upsertRagMetrics(
  db: ClientBase,
  day: Day,
  metrics: PeriodMetrics,
  compliance: Compliance,
): Promise<void> {
  await db.query({
    name: 'upsert-rag-metrics',
    text: `
      insert into rag_metrics_history (
        date, citation_rate, citation_count, unique_sources_count,
        latency_p50_ms, latency_p95_ms, latency_p99_ms, cost_per_answer, total_cost,
        total_queries, unique_users, average_tokens_per_query, average_relevance_score, positive_votes_rate,
        failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, citations_by_type, created_at
      )
      values (
        $1, $2, $3, $4,
        round($5::numeric), round($6::numeric), round($7::numeric), $8, $9,
        $10, $11, round($12::numeric), $13, $14,
        $15, $16, $17, $18, $19, $20, now()
      )
      on conflict (date) do update set
        citation_rate = excluded.citation_rate,
        citation_count = excluded.citation_count,
        unique_sources_count = excluded.unique_sources_count,
        latency_p50_ms = excluded.latency_p50_ms,
        latency_p95_ms = excluded.latency_p95_ms,
        latency_p99_ms = excluded.latency_p99_ms,
        cost_per_answer = excluded.cost_per_answer,
        total_cost = excluded.total_cost,
        total_queries = excluded.total_queries,
        unique_users = excluded.unique_users,
        average_tokens_per_query = excluded.average_tokens_per_query,
        average_relevance_score = excluded.average_relevance_score,
        positive_votes_rate = excluded.positive_votes_rate,
        failed_queries = excluded.failed_queries,
        no_answer_count = excluded.no_answer_count,
        priced_count = excluded.priced_count,
        latency_histogram = excluded.latency_histogram,
        slo_compliance = excluded.slo_compliance,
        citations_by_type = excluded.citations_by_type,
        created_at = excluded.created_at`,
    values: [
      day,
      metrics.citationRate,
      metrics.citationCount,
      metrics.uniqueSourcesCount,
      metrics.latencyP50Ms,
      metrics.latencyP95Ms,
      metrics.latencyP99Ms,
      metrics.costPerAnswer,
      metrics.totalCost,
      metrics.totalQueries,
      metrics.uniqueUsers,
      metrics.averageTokensPerQuery,
      metrics.averageRelevanceScore,
      metrics.positiveVotesRate,
      metrics.failedQueries,
      metrics.noAnswerCount,
      metrics.pricedCount,
      metrics.latencyHistogram === null ? null : packLatencies(metrics.latencyHistogram),
      JSON.stringify(compliance),
      JSON.stringify(metrics.citationsByType),
    ],
  });
}
