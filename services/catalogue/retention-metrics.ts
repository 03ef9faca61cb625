/** Metrics of retention and verification, read from the database at each scrape, so every worker tells the same: use `max by`. */
import type { Metric } from './metric.ts';

const task = ['content_retention', 'dialogue_retention', 'content_verification'] as const;

export const retentionMetrics = {
  retentionOverdueDocuments: {
    name: 'rag_retention_overdue_documents',
    kind: 'gauge',
    unit: '{content}',
    help: 'Contents, former versions included, whose retention ended more than a day ago and that were not removed.',
    labels: {},
  },
  retentionOverdueDialogues: {
    name: 'rag_retention_overdue_dialogues',
    kind: 'gauge',
    unit: '{dialogue}',
    help: 'Dialogues that should have been deleted more than a day ago, counted to 100,000. 0 where dialogues are kept.',
    labels: {},
  },
  expiredCitations: {
    name: 'rag_content_expired_citations',
    kind: 'gauge',
    unit: '{citation}',
    help: 'Citations of the last hour whose content had expired or been removed when the question was asked.',
    labels: {},
  },
  contentVerification: {
    name: 'rag_content_verification',
    kind: 'gauge',
    unit: '{content}',
    help: 'Current contents by what their last verification found; never: none yet. See docs/retention.md.',
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
    help: 'When the content was verified whose verification is the longest ago, Unix time. Absent until one was.',
    labels: {},
  },
  retentionLastSuccess: {
    name: 'rag_retention_last_success_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'When a run of the task last succeeded, Unix time. Absent until one has.',
    labels: { task },
  },
  retentionLastRun: {
    name: 'rag_retention_last_run_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'When a run of the task last ended, well or not, Unix time. Absent until one has.',
    labels: { task },
  },
  retentionConsecutiveFailures: {
    name: 'rag_retention_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Runs of the task that failed since the last that succeeded.',
    labels: { task },
  },
} as const satisfies Record<string, Metric>;

export type RetentionTask = (typeof task)[number];
