/** Today so far, the days before it, and what is left of the error budgets: all that the database tells of the promises. */
import type { ErrorBudgetStatus } from '../slo/slo-status.ts';
import { budgetsOfDays } from './budgets-of-days.ts';
import type { Day } from './day.ts';
import { type DayReport, reportDay } from './day-report.ts';
import { type History, type HistoryRowWithLatencies, historyOf } from './history.ts';
import { packLatencies } from './latency-histogram.ts';
import type { PeriodMetrics } from './period-metrics.ts';

export type Overview = {
  readonly report: DayReport;
  /** Of the days before today. */
  readonly history: History;
  /** From the rows. */
  readonly budgets: readonly ErrorBudgetStatus[];
};

type Given = { readonly day: Day; readonly metrics: PeriodMetrics; readonly now: Date };

/** @param rows of as many days as error budgets are reckoned over, today's included, which has none yet */
export function overviewOf({ day, metrics, now }: Given, rows: readonly HistoryRowWithLatencies[]): Overview {
  const today = {
    ...metrics,
    date: day,
    latencyHistogram: metrics.latencyHistogram === null ? null : packLatencies(metrics.latencyHistogram),
  };
  return { report: reportDay(day, metrics, now), history: historyOf(rows), budgets: budgetsOfDays(rows, today) };
}
