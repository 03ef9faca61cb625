/** Records on their way into the database. Invariant: received = stored + rejected + pending. */
import type { Metric } from './metric.ts';

export const recordMetrics = {
  records: {
    name: 'rag_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Answers passed to the recorder, by state.',
    labels: { state: ['received', 'stored', 'rejected'] },
  },
  recordsPending: {
    name: 'rag_records_pending',
    kind: 'gauge',
    unit: '{record}',
    help: 'Received answers that are not yet stored or rejected.',
    labels: {},
  },
  chatDatabaseUp: {
    name: 'rag_chat_database_up',
    kind: 'gauge',
    unit: '',
    help: '1 while the chat server can use the database, else 0: it asks every ten seconds and waits two.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
