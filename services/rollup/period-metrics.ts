/** What is known of a period's answers: the columns of a day's row, exact, and what the objectives are judged on. */
import { type Compliance, compliance, type Measured } from '../slo/verdict.ts';
import type { LatencyCounts } from './latency-histogram.ts';

/**
 * Named as the columns of rag_metrics_history. Null: nothing to measure; 0: measured, and zero. Nothing is rounded here
 * but the percentiles' 15th digit, and yen is exact to a millionth below ¥1,000,000,000.
 */
export type PeriodMetrics = {
  /** Answers given, an honest "not found" included; questions that failed are not in here. */
  readonly totalQueries: number;
  readonly noAnswerCount: number;
  /** Questions that got no answer through our own fault: internal errors and 503. Clients that hung up do not count. */
  readonly failedQueries: number;
  readonly uniqueUsers: number;
  /** Answered questions with at least one valid citation. */
  readonly citedCount: number;
  /** Percent, 0–100, of the answered questions; null where none was answered. */
  readonly citationRate: number | null;
  /** Valid citations. */
  readonly citationCount: number;
  /** Valid citations by kind of source, as the catalogue names kinds, and `other`; a kind without any is left out. */
  readonly citationsByType: Readonly<Record<string, number>>;
  /** Different `source` values among the valid citations. */
  readonly uniqueSourcesCount: number;
  /** Milliseconds, over all answers given. */
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly latencyHistogram: LatencyCounts | null;
  /** Answers whose model has a price. */
  readonly pricedCount: number;
  /** Yen, mean of the priced answers. */
  readonly costPerAnswer: number | null;
  /** Yen, sum of the priced answers. */
  readonly totalCost: number | null;
  readonly averageTokensPerQuery: number | null;
  /** 0–1, mean of the answers that have a score. */
  readonly averageRelevanceScore: number | null;
  /** Votes cast; a vote that was taken back (0) is none. */
  readonly votes: number;
  readonly positiveVotes: number;
  /** Percent, 0–100, of the votes cast. */
  readonly positiveVotesRate: number | null;
};

/** Share of failed questions among all that should have been answered; null where nothing was asked. */
export function errorRate({ failedQueries, totalQueries }: { failedQueries: number; totalQueries: number }) {
  const asked = failedQueries + totalQueries;
  return asked === 0 ? null : failedQueries / asked;
}

/** In the units of the objectives. */
export function measured(metrics: PeriodMetrics): Measured {
  return {
    citationRate: scaled(metrics.citationRate, 100),
    latencyP50: scaled(metrics.latencyP50Ms, 1_000),
    latencyP95: scaled(metrics.latencyP95Ms, 1_000),
    costPerAnswer: metrics.costPerAnswer,
    relevance: metrics.averageRelevanceScore,
    errorRate: errorRate(metrics),
  };
}

/** Judged on exact values, not on the rounded columns: a mean relevance of 0.696 misses 0.7. */
export function verdict(metrics: PeriodMetrics): Compliance {
  return compliance(measured(metrics));
}

function scaled(value: number | null, divisor: number): number | null {
  return value === null ? null : value / divisor;
}
