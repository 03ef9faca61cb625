/** The rolled-up days, as the metrics page and the admin API show them. */
import type { Compliance } from '../slo/verdict.ts';
import type { Day } from './day.ts';
import { latencyPercentile, mergeLatencies } from './latency-histogram.ts';
import { errorRate } from './period-metrics.ts';

/** A row of rag_metrics_history. Rates in percent (0–100), latencies in milliseconds, costs in yen; null: no data. */
export type HistoryRow = {
  readonly date: Day;
  readonly citationRate: number | null;
  readonly citationCount: number | null;
  readonly uniqueSourcesCount: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly costPerAnswer: number | null;
  readonly totalCost: number | null;
  readonly totalQueries: number | null;
  readonly uniqueUsers: number | null;
  readonly averageTokensPerQuery: number | null;
  readonly averageRelevanceScore: number | null;
  readonly positiveVotesRate: number | null;
  readonly failedQueries: number;
  readonly noAnswerCount: number;
  readonly pricedCount: number;
  readonly sloCompliance: Compliance | null;
  /** ISO 8601: when the row was computed. */
  readonly computedAt: string;
};

/** With its packed histogram; null: no answers. */
export type HistoryRowWithLatencies = HistoryRow & { readonly latencyHistogram: Uint8Array | null };

export type HistoryDay = HistoryRow & {
  /** Share of failed questions, 0–1; null: no questions. */
  readonly errorRate: number | null;
};

export type History = {
  /** Oldest first, without days that were never rolled up. */
  readonly days: readonly HistoryDay[];
  /** Over all these days together, within 1 %; null: no answers. */
  readonly latency: { readonly p50Ms: number | null; readonly p95Ms: number | null; readonly p99Ms: number | null };
};

export function historyOf(rows: readonly HistoryRowWithLatencies[]): History {
  const all = mergeLatencies(rows.map((row) => row.latencyHistogram));
  const percentile = (share: number) => {
    const value = latencyPercentile(all, share);
    return value === null ? null : Math.round(value);
  };
  return {
    days: rows.map(({ latencyHistogram: _, ...row }) => ({
      ...row,
      errorRate: errorRate({ failedQueries: row.failedQueries, totalQueries: row.totalQueries ?? 0 }),
    })),
    latency: { p50Ms: percentile(0.5), p95Ms: percentile(0.95), p99Ms: percentile(0.99) },
  };
}
