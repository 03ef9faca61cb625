/** Today so far, the previous days and the error budgets: the SLO status as far as the database knows it. */
import type { ErrorBudgetStatus } from '../slo/slo-status.ts';
import type { Day } from './day.ts';
import { type DayReport, reportDay } from './day-report.ts';
import { errorBudgetsFromDays } from './error-budgets.ts';
import { type History, type HistoryRowWithLatencies, historyOf } from './history.ts';
import { packLatencies } from './latency-histogram.ts';
import type { PeriodMetrics } from './period-metrics.ts';

export type Overview = {
  readonly report: DayReport;
  /** Without today. */
  readonly history: History;
  /** Calculated from the rows. */
  readonly budgets: readonly ErrorBudgetStatus[];
};

type Today = { readonly day: Day; readonly metrics: PeriodMetrics; readonly now: Date };

/** @param rows of the last `budgetDays` days; today has none yet */
export function overviewOf({ day, metrics, now }: Today, rows: readonly HistoryRowWithLatencies[]): Overview {
  const today = {
    ...metrics,
    date: day,
    latencyHistogram: metrics.latencyHistogram === null ? null : packLatencies(metrics.latencyHistogram),
  };
  return { report: reportDay(day, metrics, now), history: historyOf(rows), budgets: errorBudgetsFromDays(rows, today) };
}
