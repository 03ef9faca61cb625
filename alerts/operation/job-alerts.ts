/** Operational alerts on the worker's jobs. */
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
import type { RuleContext } from './rule-context.ts';

/** @param rollup retention uses the thresholds of the daily rollup */
export function jobAlerts(
  { duration, seconds, component }: RuleContext,
  rollup: JobObjective | undefined,
): readonly Alert[] {
  const { rollupLastSuccess, workerDatabaseUp } = workerMetrics;
  const { retentionOverdueDocuments, retentionOverdueDialogues, retentionConsecutiveFailures } = retentionMetrics;
  const { contentVerification, expiredCitations } = retentionMetrics;
  const { sourceHealth, sourceSyncOverdue } = sourceMetrics;
  const { max, sum, on, increase } = component;
  const judging = limits.failedJudgements;
  const judged = (window: string) => increase(workerMetrics.judgements.name, duration(window));
  const failed = (window: string) =>
    increase(select(workerMetrics.judgements.name, { state: 'failed' }), duration(window));
  const common = { service: scrapeJobs.worker, dashboard: 'provenance' } as const;
  const mismatches = ['hash_mismatch', 'manifest_mismatch', 'manifest_invalid'] as const;
  return [
    {
      alert: 'RagRollupNeverRan',
      service: scrapeJobs.worker,
      slo: 'rollup_never_ran',
      severity: 'critical',
      for: duration(limits.rollupNeverRanFor),
      // Without the database, the last success is unknown.
      expr: `${max(workerDatabaseUp.name)} == 1 unless ${on} ${max(rollupLastSuccess.name)}`,
      summary: `The daily rollup has never succeeded within ${limits.rollupNeverRanFor}.`,
      action: "Check the worker's log and run `cli -- rollup` manually",
      dashboard: 'monitoring',
    },
    {
      alert: 'RagJudgeFailing',
      service: scrapeJobs.worker,
      slo: 'judge_failing',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: [
        `${failed(judging.long)} / (${judged(judging.long)} > 0) > ${judging.share}`,
        `and ${failed(judging.short)} > 0`,
        `and ${failed(judging.long)} >= ${alertPolicy.minEvents}`,
      ].join('\n'),
      summary: '{{ $value | humanizePercentage }} of judgements fail, so new answers have no relevance score.',
      action: 'Run `cli -- check`, then read the reason in the log of the worker',
      dashboard: 'quality',
    },
    {
      ...common,
      alert: 'RagRetentionOverdue',
      slo: 'retention_overdue',
      severity: 'warning',
      for: duration(limits.retentionOverdueFor),
      expr: `${max(retentionOverdueDocuments.name)} + ${max(retentionOverdueDialogues.name)} > 0`,
      summary: '{{ $value }} documents or dialogues expired more than a day ago and are not deleted.',
      action: "Check the worker's log and run `cli -- retention` manually",
    },
    ...(rollup === undefined ? [] : severities).map((severity) => ({
      ...common,
      alert: 'RagRetentionFailed',
      slo: 'retention_failed',
      severity,
      for: duration(alertPolicy.for),
      expr: `${max(retentionConsecutiveFailures.name, 'task')} >= ${rollup?.[severity]}`,
      summary: '{{ $labels.task }}: {{ $value }} runs failed in a row.',
      action: "Check the worker's log for the reason",
    })),
    {
      ...common,
      alert: 'RagSourceDown',
      slo: 'source_down',
      severity: 'warning',
      for: duration(limits.sourceDownFor),
      expr: `${max(select(sourceHealth.name, { status: 'down' }), 'source')} == 1`,
      summary: 'The content source {{ $labels.source }} is down.',
      action: 'Run `cli -- sources health`, which prints the reason',
    },
    {
      ...common,
      alert: 'RagSourceOverdue',
      slo: 'source_overdue',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: `${max(sourceSyncOverdue.name, 'source')} > ${seconds(limits.sourceOverdue)}`,
      summary: 'The sync of {{ $labels.source }} is {{ $value | humanizeDuration }} overdue.',
      action: 'Run `cli -- sources sync`, which prints the reason',
    },
    {
      ...common,
      alert: 'RagCitationsExpired',
      slo: 'citations_expired',
      severity: 'critical',
      for: duration(alertPolicy.for),
      expr: `${max(expiredCitations.name)} > 0`,
      summary: '{{ $value }} citations in the last hour refer to expired or deleted documents.',
      action: 'Run `cli -- retention`',
    },
    {
      ...common,
      alert: 'RagContentChanged',
      slo: 'content_changed',
      severity: 'warning',
      for: duration(alertPolicy.for),
      expr: `${sum(max(select(contentVerification.name, { status: mismatches }), 'status'))} > 0`,
      summary: '{{ $value }} documents have changed since they were ingested.',
      action:
        'Compare the changed documents with their source, then run `cli -- ingest` again or `cli -- documents remove`',
    },
  ];
}
