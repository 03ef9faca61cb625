/** Shows what the database tells of retention and verification. */
import { Gauge, type Registry } from 'prom-client';
import type { Metric } from '../../catalogue/metric.ts';
import { type RetentionTask, retentionMetrics } from '../../catalogue/retention-metrics.ts';
import type { RetentionStatus } from '../../retention/retention-status.ts';
import type { JobStatus } from '../../rollup/job-status.ts';

export type RetentionReading = RetentionStatus & { readonly tasks: Readonly<Record<RetentionTask, JobStatus>> };

/** @returns what shows a reading; null: nothing is known, and nothing is shown */
export function createRetentionMetrics(registry: Registry): (reading: RetentionReading | null) => void {
  const gauge = <Label extends string>({ name, help, labels }: Metric & { labels: Record<Label, unknown> }) =>
    new Gauge({ name, help, labelNames: Object.keys(labels) as Label[], registers: [registry] });
  const overdueContents = gauge(retentionMetrics.retentionOverdueDocuments);
  const overdueDialogues = gauge(retentionMetrics.retentionOverdueDialogues);
  const expiredCitations = gauge(retentionMetrics.expiredCitations);
  const contents = gauge(retentionMetrics.contentVerification);
  const oldest = gauge(retentionMetrics.contentOldestVerification);
  const lastSuccess = gauge(retentionMetrics.retentionLastSuccess);
  const lastRun = gauge(retentionMetrics.retentionLastRun);
  const failures = gauge(retentionMetrics.retentionConsecutiveFailures);

  return (reading) => {
    // A gauge without labels stands at 0 after a reset, which would tell what nobody knows.
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
