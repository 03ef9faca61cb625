/** Alerts on the account of answers: received = stored + rejected + pending. */

import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { recordMetrics } from '../../services/catalogue/record-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { ScaledDurations } from './scaled-durations.ts';

export function recordAlerts({ duration }: ScaledDurations): readonly Alert[] {
  const records = (state: string) => select(recordMetrics.records.name, { state });
  const pending = recordMetrics.recordsPending.name;
  const common = { service: scrapeJobs.chat, dashboard: 'requests' } as const;
  const eachServer = 'sum by (job, instance)';
  const unbalanced = ['stored', 'rejected'].map((state) => `- ignoring(state) ${records(state)}`).join(' ');
  return [
    {
      ...common,
      alert: 'RagRecordRejected',
      slo: 'record_rejected',
      severity: 'warning',
      for: '0s',
      expr: `sum(increase(${records('rejected')}[${duration(limits.recordRejected)}])) > 0`,
      summary: `{{ $value | printf "%.0f" }} answers could not be recorded within ${limits.recordRejected}; their askers were told 503.`,
      action: "Look at the database and at the chat server's log",
    },
    {
      ...common,
      alert: 'RagRecordStalled',
      slo: 'record_stalled',
      severity: 'critical',
      for: duration(limits.recordStalled.for),
      // Server by server: one that stores would hide one that does not.
      expr: [
        `sum(${eachServer} (${pending}) > 0`,
        `and ${eachServer} (increase(${records('stored')}[${duration(limits.recordStalled.window)}])) == 0)`,
      ].join('\n'),
      summary: '{{ $value }} answers wait to be recorded and none is: the server that holds them answers nobody.',
      action: 'Look at the database: is it up, is it locked, is its disk full?',
    },
    {
      ...common,
      alert: 'RagRecordAccount',
      slo: 'record_account',
      severity: 'critical',
      for: duration(limits.recordImbalanceFor),
      expr: `sum(abs(${records('received')} ${unbalanced} - ignoring(state) ${pending})) > 0`,
      summary: 'The account of answers is off by {{ $value }}: received is not stored + rejected + pending.',
      action: 'Keep the logs and metrics of the chat server: this is a fault in the program',
    },
  ];
}
