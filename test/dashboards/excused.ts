/** What the rules for boards may find without harm, each with its reason; and the rules of Grafana's linter that are not kept. */
import type { Excused } from './lint-board.ts';

export const excused: Excused = {
  'target-counter-agg-rule': [
    {
      what: 'rag_records_total',
      because:
        'The account compares what counters stand at within one process; it is off for good once something is lost.',
    },
    {
      what: 'rag_rollup_runs_total',
      because: 'Read from a table, so it never restarts; a run a day is seen better as a count than as a rate.',
    },
  ],
};

export const lintRulesLeftOut = {
  'template-job-rule': 'Metrics of ours are named after the service, and one stack has one of it.',
  'template-instance-rule': 'A promise is about all servers together; a board that shows one of them says so itself.',
  'template-label-promql-rule': 'No variable reads label values of a metric that others could have.',
  'target-job-rule': 'As template-job-rule.',
  'target-instance-rule': 'As template-instance-rule.',
  'target-logql-rule': 'No panel asks Loki; links lead there.',
} as const;
