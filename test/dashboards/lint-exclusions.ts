/** Findings of the lint rules that are accepted, with reasons, and the rules of Grafana's linter that are not applied. */
import type { Exclusions } from './lint-dashboard.ts';

export const exclusions: Exclusions = {
  'target-counter-agg-rule': [
    {
      what: 'rag_records_total',
      reason: 'The record balance compares the counters of one process; it stays off once a record is lost.',
    },
    {
      what: 'rag_rollup_runs_total',
      reason:
        'The counter is read from a table, so it never resets; one run a day is easier to read as a count than as a rate.',
    },
  ],
};

export const lintRulesLeftOut = {
  'template-job-rule': 'Metric names contain the service, and one stack has one service.',
  'template-instance-rule': 'Objectives cover all servers together; panels by server say so in their title.',
  'template-label-promql-rule': 'No variable reads label values of a metric.',
  'target-job-rule': 'As template-job-rule.',
  'target-instance-rule': 'As template-instance-rule.',
  'target-logql-rule': 'No panel queries Loki; links lead there.',
} as const;
