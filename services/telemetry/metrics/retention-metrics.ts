/** Exposes the state of retention and verification as read from the database. */
import type { Registry } from 'prom-client';
import { type RetentionTask, retentionMetrics } from '../../catalogue/retention-metrics.ts';
import type { RetentionStatus } from '../../retention/retention-status.ts';
import type { JobStatus } from '../../rollup/job-status.ts';
import { createGauge } from './create-gauge.ts';

export type RetentionReading = RetentionStatus & { readonly tasks: Readonly<Record<RetentionTask, JobStatus>> };

/** @returns what shows a reading; null: nothing is known, and nothing is shown */
export function createRetentionMetrics(registry: Registry): (reading: RetentionReading | null) => void {
  const overdueContents = createGauge(registry, retentionMetrics.retentionOverdueDocuments);
  const overdueDialogues = createGauge(registry, retentionMetrics.retentionOverdueDialogues);
  const expiredCitations = createGauge(registry, retentionMetrics.expiredCitations);
  const contents = createGauge(registry, retentionMetrics.contentVerification);
  const oldest = createGauge(registry, retentionMetrics.contentOldestVerification);
  const lastSuccess = createGauge(registry, retentionMetrics.retentionLastSuccess);
  const lastRun = createGauge(registry, retentionMetrics.retentionLastRun);
  const failures = createGauge(registry, retentionMetrics.retentionConsecutiveFailures);

  return (reading) => {
    // A gauge without labels is 0 after a reset, which would report an unknown value as zero.
    for (const each of [overdueContents, overdueDialogues, expiredCitations, oldest]) each.remove();
    for (const each of [contents, lastSuccess, lastRun, failures]) each.reset();
    if (reading === null) return;
    overdueContents.set(reading.overdueContent);
    overdueDialogues.set(reading.overdueDialogues);
    expiredCitations.set(reading.expiredCitations);
    for (const status of retentionMetrics.contentVerification.labels.status) {
      contents.set({ status }, reading.contents[status]);
    }
    if (reading.oldestVerification !== null) oldest.set(reading.oldestVerification.getTime() / 1_000);
    for (const task of retentionMetrics.retentionLastRun.labels.task) {
      const { lastSuccessAt, lastRunAt, consecutiveFailures } = reading.tasks[task];
      if (lastSuccessAt !== null) lastSuccess.set({ task }, lastSuccessAt.getTime() / 1_000);
      if (lastRunAt !== null) lastRun.set({ task }, lastRunAt.getTime() / 1_000);
      failures.set({ task }, consecutiveFailures);
    }
  };
}
