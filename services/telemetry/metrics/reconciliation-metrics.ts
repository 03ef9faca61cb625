/** Shows how Prometheus and the database differed on the latest day compared. */
import { Gauge, type Registry } from 'prom-client';
import type { Metric } from '../../catalogue/metric.ts';
import { reconciliationMetrics } from '../../catalogue/reconciliation-metrics.ts';
import { startOf } from '../../rollup/day.ts';
import type { JobStatus } from '../../rollup/job-status.ts';
import { differences, type Reconciliation } from '../../rollup/reconciliation.ts';

export type ReconciliationReading = {
  /** Null: no day has been compared yet. */
  readonly latest: Reconciliation | null;
  readonly task: JobStatus;
};

/** @returns what shows a reading; null: nothing is compared or nothing is known, and nothing is shown */
export function createReconciliationMetrics(registry: Registry): (reading: ReconciliationReading | null) => void {
  const gauge = <Label extends string>({ name, help, labels }: Metric & { labels: Record<Label, unknown> }) =>
    new Gauge({ name, help, labelNames: Object.keys(labels) as Label[], registers: [registry] });
  const difference = gauge(reconciliationMetrics.reconciliationDifference);
  const stored = gauge(reconciliationMetrics.reconciliationStored);
  const unwatched = gauge(reconciliationMetrics.reconciliationUnwatched);
  const day = gauge(reconciliationMetrics.reconciliationDay);
  const failures = gauge(reconciliationMetrics.reconciliationConsecutiveFailures);

  return (reading) => {
    // A gauge without labels stands at 0 after a reset, which would tell what nobody knows.
    for (const each of [unwatched, day, failures]) each.remove();
    for (const each of [difference, stored]) each.reset();
    if (reading === null) return;
    failures.set(reading.task.consecutiveFailures);
    if (reading.latest === null) return;
    const { latest } = reading;
    day.set(startOf(latest.day).getTime() / 1_000);
    unwatched.set(latest.unwatchedSeconds);
    const differing = differences(latest);
    for (const what of reconciliationMetrics.reconciliationStored.labels.what) {
      stored.set({ what }, latest.stored[what]);
      if (differing[what] !== null) difference.set({ what }, differing[what]);
    }
  };
}
