/** Statements on rag_metrics_history and rag_service_metrics_history: write a day, read the history. */
import type { ClientBase, Pool } from 'pg';
import { addDays, type Day, dayOf, startOf } from '../../rollup/day.ts';
import { type DayReport, reportDay } from '../../rollup/day-report.ts';
import { budgetDays } from '../../rollup/error-budgets.ts';
import { type History, type HistoryRowWithLatencies, historyOf } from '../../rollup/history.ts';
import { packLatencies } from '../../rollup/latency-histogram.ts';
import { type Overview, overviewOf } from '../../rollup/overview.ts';
import type { PeriodMetrics } from '../../rollup/period-metrics.ts';
import type { Compliance } from '../../slo/verdict.ts';
import { measurePeriod } from './measure-period.ts';

/**
 * Reads the rows of the last days, oldest first.
 * @param days number of days up to and including `now`'s, in Asia/Tokyo; today has no row yet
 * @param service null: all services together
 */
async function readHistoryRows(
  pool: Pool,
  { days, now, service }: { days: number; now: Date; service: string | null },
): Promise<readonly HistoryRowWithLatencies[]> {
  const first: Day = addDays(dayOf(now), 1 - days);
  const { rows } = await pool.query<HistoryRowWithLatencies>({
    name: service === null ? 'read-metrics-history' : 'read-service-metrics-history',
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
      from ${service === null ? 'rag_metrics_history' : 'rag_service_metrics_history'} history
      where date >= $1::date ${service === null ? '' : 'and service = $2'}
      order by history.date`,
    values: service === null ? [first] : [first, service],
  });
  return rows;
}

/** Evaluates today so far, with the rollup's own statement. @param service null: all services together */
export async function ragMetricsToday(pool: Pool, now: Date, service: string | null = null): Promise<DayReport> {
  const day = dayOf(now);
  return reportDay(day, await measurePeriod(pool, { from: startOf(day), to: startOf(addDays(day, 1)), service }), now);
}

/**
 * Reads the last rolled-up days, with percentiles over all of them.
 * @param period.days up to and including `now`'s, in Asia/Tokyo; today has no row yet
 */
export async function readMetricsHistory(
  pool: Pool,
  { service = null, ...period }: { days: number; now: Date; service?: string | null },
): Promise<History> {
  return historyOf(await readHistoryRows(pool, { ...period, service }));
}

/** Reads the metrics page's overview: today so far, and the previous days. */
export async function readOverview(pool: Pool, now: Date, service: string | null = null): Promise<Overview> {
  const day = dayOf(now);
  const [metrics, rows] = await Promise.all([
    measurePeriod(pool, { from: startOf(day), to: startOf(addDays(day, 1)), service }),
    readHistoryRows(pool, { days: budgetDays, now, service }),
  ]);
  return overviewOf({ day, metrics, now }, rows);
}

/**
 * Inserts or replaces a day's row. The exact values are rounded here, half away from zero, to the columns' precision.
 * @param service null: the row of all services together
 * @throws {RangeError} for latency counts that a histogram cannot hold
 */
export async function upsertRagMetrics(
  db: ClientBase,
  day: Day,
  metrics: PeriodMetrics,
  compliance: Compliance,
  service: string | null = null,
): Promise<void> {
  await db.query({
    name: service === null ? 'upsert-rag-metrics' : 'upsert-service-metrics',
    text: `
      insert into ${service === null ? 'rag_metrics_history (' : 'rag_service_metrics_history (service,'}
        date, citation_rate, citation_count, unique_sources_count,
        latency_p50_ms, latency_p95_ms, latency_p99_ms, cost_per_answer, total_cost,
        total_queries, unique_users, average_tokens_per_query, average_relevance_score, positive_votes_rate,
        failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, citations_by_type, created_at
      )
      values (
        ${service === null ? '' : '$21,'} $1, $2, $3, $4,
        round($5::numeric), round($6::numeric), round($7::numeric), $8, $9,
        $10, $11, round($12::numeric), $13, $14,
        $15, $16, $17, $18, $19, $20, now()
      )
      on conflict (${service === null ? 'date' : 'service, date'}) do update set
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
      ...(service === null ? [] : [service]),
    ],
  });
}
