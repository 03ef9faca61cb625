/** The metrics of a period, as exact values: the columns of a day's row and the input of the objectives. */

import { type Compliance, compliance, type Measured } from '../slo/verdict.ts';
import { dailyObjectives, dayValue } from './day-value.ts';
import type { LatencyCounts } from './latency-histogram.ts';

/**
 * Named as the columns of rag_metrics_history. Null: no data; 0: measured as zero. Only the percentiles' 15th digit is
 * rounded, and costs are exact to a millionth of a yen below ¥1,000,000,000.
 */
export type PeriodMetrics = {
  /** Answers, "not found" included, without failed questions. */
  readonly totalQueries: number;
  readonly noAnswerCount: number;
  /** Questions that failed on our side: internal errors and 503. Cancelled requests do not count. */
  readonly failedQueries: number;
  readonly uniqueUsers: number;
  /** Answered questions with at least one valid citation. */
  readonly citedCount: number;
  /** Percent, 0–100, of the answered questions; null: none was answered. */
  readonly citationRate: number | null;
  /** Valid citations. */
  readonly citationCount: number;
  /** Valid citations by source type, as named in the catalogue, and `other`; types without citations are omitted. */
  readonly citationsByType: Readonly<Record<string, number>>;
  /** Distinct `source` values among the valid citations. */
  readonly uniqueSourcesCount: number;
  /** Milliseconds, over all answers. */
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
  /** Votes cast, without withdrawn ones (0). */
  readonly votes: number;
  readonly positiveVotes: number;
  /** Percent, 0–100, of the votes cast. */
  readonly positiveVotesRate: number | null;
};

/** Share of failed questions, 0–1; null: no questions. */
export function errorRate({ failedQueries, totalQueries }: { failedQueries: number; totalQueries: number }) {
  const asked = failedQueries + totalQueries;
  return asked === 0 ? null : failedQueries / asked;
}

/** Of the daily objectives, in their units. */
export function measured(metrics: PeriodMetrics): Measured {
  return Object.fromEntries(
    Object.entries(dailyObjectives).map(([key, objective]) => [key, dayValue(objective, metrics)] as const),
  );
}

/** Evaluates exact values, not the rounded columns: a mean relevance of 0.696 misses 0.7. */
export function verdict(metrics: PeriodMetrics): Compliance {
  return compliance(measured(metrics));
}
