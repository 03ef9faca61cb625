/** Alerts on the recording of answers. Invariant: received = stored + rejected + pending. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { recordMetrics } from '../../services/catalogue/record-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function recordAlerts({ duration, component: { sum, increase } }: RuleContext): readonly Alert[] {
  const records = (state: string) => select(recordMetrics.records.name, { state });
  const pending = recordMetrics.recordsPending.name;
  const common = { service: scrapeJobs.chat, dashboard: 'requests' } as const;
  const unbalanced = ['stored', 'rejected'].map((state) => `- ignoring(state) ${records(state)}`).join(' ');
  return [
    {
      ...common,
      alert: 'RagRecordRejected',
      slo: 'record_rejected',
      severity: 'warning',
      for: '0s',
      expr: `${increase(records('rejected'), duration(limits.recordRejected))} > 0`,
      summary: `{{ $value | printf "%.0f" }} answers could not be recorded within ${limits.recordRejected}; their users received a 503.`,
      action: "Check the database and the chat server's log",
    },
    {
      ...common,
      alert: 'RagRecordStalled',
      slo: 'record_stalled',
      severity: 'critical',
      for: duration(limits.recordStalled.for),
      // Per server: a healthy server would hide a stalled one.
      expr: sum(
        `${sum(pending, 'job', 'instance')} > 0\nand ${increase(records('stored'), duration(limits.recordStalled.window), 'job', 'instance')} == 0`,
      ),
      summary: '{{ $value }} answers are queued but none are being written; affected servers are not replying.',
      action: 'Check whether the database is up, blocked by a lock or out of disk space',
    },
    {
      ...common,
      alert: 'RagRecordImbalance',
      slo: 'record_imbalance',
      severity: 'critical',
      for: duration(limits.recordImbalanceFor),
      expr: `${sum(`abs(${records('received')} ${unbalanced} - ignoring(state) ${pending})`)} > 0`,
      summary: 'Record counters do not balance (off by {{ $value }}): received ≠ stored + rejected + pending.',
      action: 'Save the logs and metrics of the chat server: this is a bug in the program',
    },
  ];
}
