/** Reports a day against its objectives, for the metrics page and the admin API. */
import type { Direction, Objective, ObjectiveKey } from '../slo/objectives.ts';
import { type Compliance, type Met, met } from '../slo/verdict.ts';
import type { Day } from './day.ts';
import { dailyObjectives } from './day-value.ts';
import { measured, type PeriodMetrics, verdict } from './period-metrics.ts';

export type ObjectiveReport = {
  readonly key: ObjectiveKey;
  readonly name: string;
  readonly title: string;
  /** Of value, target, warning and critical. */
  readonly unit: Objective['unit'];
  readonly direction: Direction;
  readonly target: number;
  readonly warning: number | null;
  readonly critical: number | null;
  /** What to do about a breach; null: no alert. */
  readonly action: string | null;
  /** Null: no data. */
  readonly value: number | null;
  readonly met: Met;
};

export type DayReport = {
  readonly day: Day;
  /** ISO 8601. */
  readonly generatedAt: string;
  /** Those that have a value for each day. */
  readonly objectives: readonly ObjectiveReport[];
  readonly totals: {
    /** Answers, "not found" included. */
    readonly queries: number;
    readonly failed: number;
    readonly noAnswer: number;
    readonly uniqueUsers: number;
    readonly citations: number;
    readonly uniqueSources: number;
    /** Null: no priced answer. */
    readonly totalCostJpy: number | null;
    readonly priced: number;
    readonly votes: number;
    readonly positiveVotes: number;
    readonly averageTokens: number | null;
    readonly latencyP99Ms: number | null;
  };
  readonly compliance: Compliance;
};

export function reportDay(day: Day, metrics: PeriodMetrics, generatedAt: Date): DayReport {
  const values = measured(metrics);
  return {
    day,
    generatedAt: generatedAt.toISOString(),
    objectives: Object.entries(dailyObjectives).map(([key, objective]) =>
      reportObjective(key, objective, values[key] ?? null),
    ),
    totals: {
      queries: metrics.totalQueries,
      failed: metrics.failedQueries,
      noAnswer: metrics.noAnswerCount,
      uniqueUsers: metrics.uniqueUsers,
      citations: metrics.citationCount,
      uniqueSources: metrics.uniqueSourcesCount,
      totalCostJpy: metrics.totalCost,
      priced: metrics.pricedCount,
      votes: metrics.votes,
      positiveVotes: metrics.positiveVotes,
      averageTokens: metrics.averageTokensPerQuery,
      latencyP99Ms: metrics.latencyP99Ms,
    },
    compliance: verdict(metrics),
  };
}

function reportObjective(key: ObjectiveKey, objective: Objective, value: number | null): ObjectiveReport {
  const { name, title, unit, direction, target, warning, critical, action } = objective;
  return {
    key,
    name,
    title,
    unit,
    direction,
    target,
    warning: warning ?? null,
    critical: critical ?? null,
    action: action ?? null,
    value,
    met: met(objective, value),
  };
}
