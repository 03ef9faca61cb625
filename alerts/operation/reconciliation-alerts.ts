/** Alerts on the reconciliation of Prometheus with the database. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { reconciliationMetrics } from '../../services/catalogue/reconciliation-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

/** @param yenPerAnswer target of the cost per answer; turns the accepted number of items into yen */
export function reconciliationAlerts(
  { duration, component: { max } }: RuleContext,
  yenPerAnswer: number,
): readonly Alert[] {
  const { reconciliationDifference, reconciliationStored, reconciliationConsecutiveFailures } = reconciliationMetrics;
  const { share, minItems, failedRuns } = limits.reconciliation;
  const gap = (what: string | readonly string[], most: number) =>
    `${max(`abs(${select(reconciliationDifference.name, { what })})`, 'what')} > ${most}`;
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
        `(${gap(['answers', 'failures'], minItems)} or ${gap('cost', minItems * yenPerAnswer)})`,
        `> ${share} * ${max(reconciliationStored.name, 'what')}`,
      ].join('\n'),
      summary:
        'Prometheus and the database differ by {{ $value | printf "%.6g" }} {{ $labels.what }} on the latest compared day.',
      action: 'Find out which side is missing items. Missing rows are worse than missing counts',
    },
    {
      ...common,
      alert: 'RagReconciliationFailed',
      slo: 'reconciliation_failed',
      expr: `${max(reconciliationConsecutiveFailures.name)} >= ${failedRuns}`,
      summary: 'The comparison of Prometheus with the database failed {{ $value }} times in a row.',
      action: "Check the worker's log and whether Prometheus is reachable at PROMETHEUS_URL",
    },
  ];
}
