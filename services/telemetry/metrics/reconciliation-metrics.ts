/** Shows how Prometheus and the database differed on the latest day compared. */
import type { Registry } from 'prom-client';
import { reconciliationMetrics } from '../../catalogue/reconciliation-metrics.ts';
import { startOf } from '../../rollup/day.ts';
import type { JobStatus } from '../../rollup/job-status.ts';
import { differences, type Reconciliation } from '../../rollup/reconciliation.ts';
import { createGauge } from './create-gauge.ts';

export type ReconciliationReading = {
  /** Null: no day has been compared yet. */
  readonly latest: Reconciliation | null;
  readonly task: JobStatus;
};

/** @returns what shows a reading; null: nothing is compared or nothing is known, and nothing is shown */
export function createReconciliationMetrics(registry: Registry): (reading: ReconciliationReading | null) => void {
  const difference = createGauge(registry, reconciliationMetrics.reconciliationDifference);
  const stored = createGauge(registry, reconciliationMetrics.reconciliationStored);
  const unwatched = createGauge(registry, reconciliationMetrics.reconciliationUnwatched);
  const day = createGauge(registry, reconciliationMetrics.reconciliationDay);
  const failures = createGauge(registry, reconciliationMetrics.reconciliationConsecutiveFailures);

  return (reading) => {
    // A gauge without labels is 0 after a reset, which would report an unknown value as zero.
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
