/** The value of an objective on one day, from the columns of the day's row. */
import type { IndicatorName } from '../slo/indicator-names.ts';
import { type Objective, objectives } from '../slo/objectives.ts';
import { type LatencyCounts, latencyPercentile, mergeLatencies, packLatencies } from './latency-histogram.ts';

/** What a day's row holds. Prometheus alone measures the others, for example questions that never became an answer or a failure. */
const heldByRows: readonly IndicatorName[] = [
  'citation_rate',
  'latency',
  'cost_per_answer',
  'relevance',
  'error_rate',
  'no_answer_rate',
  'downvote_rate',
];

/** The objectives that have a value for each day, by key. */
export const dailyObjectives = Object.fromEntries(
  Object.entries(objectives).filter(([, { indicator }]) => heldByRows.includes(indicator)),
);

/** Rates in percent, latencies in milliseconds, costs in yen. Null: no data. */
export type DayColumns = {
  readonly citationRate: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly latencyP99Ms: number | null;
  /** Absent for days whose other percentiles are not needed. */
  readonly latencyHistogram?: LatencyCounts | null;
  readonly costPerAnswer: number | null;
  readonly averageRelevanceScore: number | null;
  readonly positiveVotesRate: number | null;
  readonly totalQueries: number | null;
  readonly failedQueries: number;
  /** Where it is already computed. */
  readonly errorRate?: number | null;
  readonly noAnswerCount: number;
};

/** @returns in the objective's unit; null: the day has no data, or the rows do not hold this indicator */
export function dayValue(objective: Objective, day: DayColumns): number | null {
  switch (objective.indicator) {
    case 'citation_rate':
      return scaled(day.citationRate, 100);
    case 'latency':
      return objective.kind === 'quantile' ? scaled(percentile(objective.quantile, day), 1_000) : null;
    case 'cost_per_answer':
      return day.costPerAnswer;
    case 'relevance':
      return day.averageRelevanceScore;
    case 'error_rate':
      return day.errorRate === undefined
        ? share(day.failedQueries, day.failedQueries + (day.totalQueries ?? 0))
        : day.errorRate;
    case 'no_answer_rate':
      return share(day.noAnswerCount, day.totalQueries ?? 0);
    case 'downvote_rate':
      return day.positiveVotesRate === null ? null : (100 - day.positiveVotesRate) / 100;
    default:
      return null;
  }
}

function percentile(quantile: number, day: DayColumns): number | null {
  switch (quantile) {
    case 0.5:
      return day.latencyP50Ms;
    case 0.95:
      return day.latencyP95Ms;
    case 0.99:
      return day.latencyP99Ms;
    default:
      return day.latencyHistogram
        ? latencyPercentile(mergeLatencies([packLatencies(day.latencyHistogram)]), quantile)
        : null;
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function scaled(value: number | null, divisor: number): number | null {
  return value === null ? null : value / divisor;
}
