/** Reads the values of the worker's metrics from the database. */
import type { Config } from '../config.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { countEmbeddingsOf } from '../postgres/embeddings/vectors.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';
import { readJobStatus } from '../postgres/jobs/job-status.ts';
import { latestReconciliation } from '../postgres/metrics/reconciliation.ts';
import { countExpiredCitations, readRetentionStatus } from '../postgres/retention/retention-status.ts';
import { readSourceStatuses } from '../postgres/sources/source-status.ts';
import { dialogueCutoff } from '../retention/old-dialogues.ts';
import type { WorkerReading } from '../telemetry/metrics/worker-metrics.ts';
import { readVoteValidations } from './validate-scores.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** @param config its undefined settings disable their job and its metrics */
export async function readWorker(
  pool: Pool,
  now: Date,
  {
    dialogueRetentionDays: dialogueDays,
    prometheusUrl,
    embeddings,
  }: Pick<Config, 'dialogueRetentionDays' | 'prometheusUrl' | 'embeddings'>,
): Promise<WorkerReading> {
  // Due content is removed nightly, so it is overdue after a day.
  const yesterday = new Date(now.getTime() - dayMs);
  const cutoff = dialogueDays === undefined ? null : { days: dialogueDays, now: yesterday, firstUnrolled: null };
  const status = (job: (typeof jobs)[keyof typeof jobs]) => readJobStatus(pool, job);
  return {
    rollup: await status(jobs.rollup),
    retention: {
      ...(await readRetentionStatus(pool, {
        expiredBefore: yesterday,
        askedBefore: cutoff === null ? null : dialogueCutoff(cutoff).before,
      })),
      expiredCitations: await countExpiredCitations(pool, new Date(now.getTime() - hourMs)),
      tasks: {
        content_retention: await status(jobs.contentRetention),
        dialogue_retention: await status(jobs.dialogueRetention),
        content_verification: await status(jobs.contentVerification),
      },
    },
    sources: { statuses: await readSourceStatuses(pool), now },
    votedScores: await readVoteValidations(pool),
    reconciliation:
      prometheusUrl === undefined
        ? null
        : { latest: await latestReconciliation(pool), task: await status(jobs.reconciliation) },
    embeddings:
      embeddings === null
        ? null
        : { passages: await countEmbeddingsOf(pool, embeddings), task: await status(jobs.embeddings) },
  };
}
