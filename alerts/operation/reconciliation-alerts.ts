/** Alerts on the comparison of what Prometheus counted with what is stored. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { reconciliationMetrics } from '../../services/catalogue/reconciliation-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { ScaledDurations } from './scaled-durations.ts';

/** @param yenPerAnswer what an answer is promised to cost: as many of them as may be missing may cost that much */
export function reconciliationAlerts({ duration }: ScaledDurations, yenPerAnswer: number): readonly Alert[] {
  const { reconciliationDifference, reconciliationStored, reconciliationConsecutiveFailures } = reconciliationMetrics;
  const { share, minItems, failedRuns } = limits.reconciliation;
  const off = (what: string | readonly string[], most: number) =>
    `max by (what) (abs(${select(reconciliationDifference.name, { what })})) > ${most}`;
  const common = {
    service: scrapeJobs.worker,
    severity: 'warning',
    for: duration(alertPolicy.for),
    dashboard: 'monitoring',
  } as const;
  return [
    {
      ...common,
      alert: 'RagReconciliationGap',
      slo: 'reconciliation',
      expr: [
        `(${off(['answers', 'failures'], minItems)} or ${off('cost', minItems * yenPerAnswer)})`,
        `> ${share} * max by (what) (${reconciliationStored.name})`,
      ].join('\n'),
      summary:
        'On the latest day that was compared, Prometheus and the database differ by {{ $value | printf "%.6g" }} {{ $labels.what }}.',
      action: 'Find out which: rows that are missing are worse than counts that are',
    },
    {
      ...common,
      alert: 'RagReconciliationFailed',
      slo: 'reconciliation_failed',
      expr: `max(${reconciliationConsecutiveFailures.name}) >= ${failedRuns}`,
      summary: 'What Prometheus counted could not be compared with the database, {{ $value }} times in a row.',
      action: "Look at the worker's log: does Prometheus answer at PROMETHEUS_URL?",
    },
  ];
}
