/** The worker's jobs. Every worker reads the same rollup values from the job_run table: aggregate with `max by`. */
import type { Metric } from './metric.ts';

export const workerMetrics = {
  rollupLastSuccess: {
    name: 'rag_rollup_last_success_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Last successful run of the daily rollup, Unix time. Absent before the first success.',
    labels: {},
  },
  rollupLastRun: {
    name: 'rag_rollup_last_run_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'End of the last run of the daily rollup, Unix time. Absent before the first run.',
    labels: {},
  },
  rollupConsecutiveFailures: {
    name: 'rag_rollup_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Failed runs of the daily rollup since the last success.',
    labels: {},
  },
  rollupLastDuration: {
    name: 'rag_rollup_last_duration_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Duration of the last run of the daily rollup. Absent before the first run.',
    labels: {},
  },
  rollupRowsWritten: {
    name: 'rag_rollup_rows_written',
    kind: 'gauge',
    unit: '{row}',
    help: 'Rows of daily metrics, over all services and by service, written by the last run. Absent before the first run.',
    labels: {},
  },
  rollupRuns: {
    name: 'rag_rollup_runs_total',
    kind: 'counter',
    unit: '{run}',
    help: 'Runs of the daily rollup by result, over all workers and commands.',
    labels: { state: ['succeeded', 'failed'] },
  },
  judgements: {
    name: 'rag_judgements_total',
    kind: 'counter',
    unit: '{judgement}',
    help: 'Answers scored by an LLM judge in this worker. failed ones have no score and are excluded from means.',
    labels: { state: ['scored', 'failed'] },
  },
  embeddingPassages: {
    name: 'rag_embedding_passages',
    kind: 'gauge',
    unit: '{passage}',
    help: 'Passages by the state of their vector for the configured model. withheld: the server may not read them. Absent without an embeddings server.',
    labels: { state: ['embedded', 'pending', 'withheld'] },
  },
  embeddingConsecutiveFailures: {
    name: 'rag_embedding_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Failed runs of the job that embeds passages since its last success. Absent without an embeddings server.',
    labels: {},
  },
  workerDatabaseUp: {
    name: 'rag_worker_database_up',
    kind: 'gauge',
    unit: '',
    help: '1 while the worker can read the database, else 0. The rag_rollup and rag_retention metrics are then absent.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
