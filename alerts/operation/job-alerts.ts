/** Alerts on the worker's jobs beside the target of the daily rollup. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { sourceMetrics } from '../../services/catalogue/source-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import type { JobObjective } from '../../services/slo/objectives.ts';
import { severities } from '../../services/slo/slo-model.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { ScaledDurations } from './scaled-durations.ts';

/** @param rollup retention is judged as the daily rollup is: once may be bad luck, twice in a row is not */
export function jobAlerts({ duration, seconds }: ScaledDurations, rollup: JobObjective | undefined): readonly Alert[] {
  const { rollupLastSuccess, workerDatabaseUp } = workerMetrics;
  const { retentionOverdueDocuments, retentionOverdueDialogues, retentionConsecutiveFailures } = retentionMetrics;
  const { contentVerification, expiredCitations } = retentionMetrics;
  const { sourceHealth, sourceSyncOverdue } = sourceMetrics;
  const common = { service: scrapeJobs.worker, dashboard: 'provenance' } as const;
  const mismatches = ['hash_mismatch', 'manifest_mismatch', 'manifest_invalid'] as const;
  return [
    {
      alert: 'RagRollupNeverRan',
      service: scrapeJobs.worker,
      slo: 'rollup_never_ran',
      severity: 'critical',
      for: duration(limits.rollupNeverRanFor),
      // Not while the database is away: then nobody knows.
      expr: `absent(${rollupLastSuccess.name}) and on() max(${workerDatabaseUp.name}) == 1`,
      summary: `The daily rollup has not succeeded once in ${limits.rollupNeverRanFor}.`,
      action: "Look at the worker's log, and run `cli -- rollup` by hand",
      dashboard: 'monitoring',
    },
    {
      ...common,
      alert: 'RagRetentionOverdue',
      slo: 'retention_overdue',
      severity: 'warning',
      for: duration(limits.retentionOverdueFor),
      expr: `max(${retentionOverdueDocuments.name}) + max(${retentionOverdueDialogues.name}) > 0`,
      summary: '{{ $value }} contents or dialogues should have been removed more than a day ago.',
      action: "Look at the worker's log, and run `cli -- retention` by hand",
    },
    ...(rollup === undefined ? [] : severities).map((severity) => ({
      ...common,
      alert: 'RagRetentionFailed',
      slo: 'retention_failed',
      severity,
      for: duration(alertPolicy.for),
      expr: `max by (task) (${retentionConsecutiveFailures.name}) >= ${rollup?.[severity]}`,
      summary: '{{ $labels.task }}: {{ $value }} failed in a row.',
      action: "Look at the worker's log for the reason",
    })),
    {
      ...common,
      alert: 'RagSourceDown',
      slo: 'source_down',
      severity: 'warning',
      for: duration(limits.sourceDownFor),
      expr: `max by (source) (${select(sourceHealth.name, { status: 'down' })}) == 1`,
      summary: 'The content source {{ $labels.source }} is down.',
      action: 'Run `cli -- sources health`, which tells the reason',
    },
    {
      ...common,
      alert: 'RagSourceOverdue',
      slo: 'source_overdue',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: `max by (source) (${sourceSyncOverdue.name}) > ${seconds(limits.sourceOverdue)}`,
      summary: 'The sync of {{ $labels.source }} is {{ $value | humanizeDuration }} late.',
      action: 'Run `cli -- sources sync`, which tells the reason',
    },
    {
      ...common,
      alert: 'RagCitationsExpired',
      slo: 'citations_expired',
      severity: 'critical',
      for: duration(alertPolicy.for),
      expr: `max(${expiredCitations.name}) > 0`,
      summary: '{{ $value }} citations of the last hour are of content that had expired or been removed.',
      action: 'See which content was cited, and remove it with `cli -- retention`',
    },
    {
      ...common,
      alert: 'RagContentChanged',
      slo: 'content_changed',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: `sum(max by (status) (${select(contentVerification.name, { status: mismatches })})) > 0`,
      summary: '{{ $value }} contents are no longer what they were when they were taken in.',
      action: 'Compare them with their source, and take them in again or remove them',
    },
  ];
}
