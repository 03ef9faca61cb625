/** Retention and verification. Every worker reads the same values from the database: aggregate with `max by`. */
import type { Metric } from './metric.ts';

const task = ['content_retention', 'dialogue_retention', 'content_verification'] as const;

export const retentionMetrics = {
  retentionOverdueDocuments: {
    name: 'rag_retention_overdue_documents',
    kind: 'gauge',
    unit: '{document}',
    help: 'Documents, former versions included, that expired more than a day ago and are not deleted.',
    labels: {},
  },
  retentionOverdueDialogues: {
    name: 'rag_retention_overdue_dialogues',
    kind: 'gauge',
    unit: '{dialogue}',
    help: 'Dialogues that expired more than a day ago and are not deleted, counted up to 100,000. 0 without a retention period.',
    labels: {},
  },
  expiredCitations: {
    name: 'rag_content_expired_citations',
    kind: 'gauge',
    unit: '{citation}',
    help: 'Citations in the last hour whose document had expired or been deleted when the question was asked.',
    labels: {},
  },
  contentVerification: {
    name: 'rag_content_verification',
    kind: 'gauge',
    unit: '{document}',
    help: 'Current documents by the result of their last verification. never: not verified yet. See docs/retention.md.',
    labels: {
      status: [
        'verified',
        'hash_mismatch',
        'manifest_mismatch',
        'manifest_invalid',
        'unreachable',
        'no_fetcher',
        'no_hash',
        'never',
        'other',
      ],
    },
  },
  contentOldestVerification: {
    name: 'rag_content_oldest_verification_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Oldest last verification of a document, Unix time. Absent before the first verification.',
    labels: {},
  },
  retentionLastSuccess: {
    name: 'rag_retention_last_success_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Last successful run of the task, Unix time. Absent before the first success.',
    labels: { task },
  },
  retentionLastRun: {
    name: 'rag_retention_last_run_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'End of the last run of the task, Unix time. Absent before the first run.',
    labels: { task },
  },
  retentionConsecutiveFailures: {
    name: 'rag_retention_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Failed runs of the task since the last success.',
    labels: { task },
  },
} as const satisfies Record<string, Metric>;

export type RetentionTask = (typeof task)[number];
