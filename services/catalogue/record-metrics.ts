/** The account of answers on their way into the database: received = stored + rejected + pending. */
import type { Metric } from './metric.ts';

export const recordMetrics = {
  records: {
    name: 'rag_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Answers given to the recorder, by what became of them.',
    labels: { state: ['received', 'stored', 'rejected'] },
  },
  recordsPending: {
    name: 'rag_records_pending',
    kind: 'gauge',
    unit: '{record}',
    help: 'Answers received that are neither stored nor rejected yet.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
