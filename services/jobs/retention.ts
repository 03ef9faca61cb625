/** The retention jobs: remove expired content and old dialogues, for the worker's schedule and for the CLI. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describeJobError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { isUnavailable } from '../postgres/client/errors.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';

import { firstUnrolledDay } from '../postgres/metrics/rollup-gaps.ts';
import { findExpiredContent, removeExpiredContent } from '../postgres/retention/expired-content.ts';
import {
  beginDialogueRetention,
  deleteDialogueBatch,
  deleteOrphanedBatch,
} from '../postgres/retention/old-dialogues.ts';
import { createDeleteDialogues } from '../retention/delete-dialogues.ts';
import { type Cutoff, type DeletedCounts, dialogueCutoff, nothingDeleted } from '../retention/old-dialogues.ts';
import type { ExpiredContent } from '../retention/remove-expired.ts';
import { createRemoveExpired } from '../retention/remove-expired.ts';
import { type Day, dayOf, startOf } from '../rollup/day.ts';
import { type Retry, RunFailed, type RunResult } from '../rollup/leased-run.ts';
import { createJob, type Run } from './leased-job.ts';
import { runContentVerification } from './verify-content.ts';

/** Documents looked up at a time; each is removed in a transaction of its own. */
const documentsPerLookup = 100;
/** Dialogues deleted per statement: tens of milliseconds. */
const dialoguesPerBatch = 500;

type ContentRun = Run & {
  readonly onRemoved: (content: ExpiredContent) => void;
  readonly onFailed: (content: ExpiredContent, error: unknown) => void;
};

/**
 * Removes expired content. The run's outcome is the number of provenance rows that became tombstones; the run fails if
 * any document could not be removed.
 */
export function runContentRetention(
  pool: Pool,
  { retry, now }: { retry: Retry; now: () => Date },
  { runId, since, signal, onRemoved, onFailed }: ContentRun,
): Promise<RunResult<number>> {
  const at = now();
  const failed = new Set<string>();
  let removed = 0;
  const removeExpired = createRemoveExpired({
    find: (query) => findExpiredContent(pool, { ...query, limit: documentsPerLookup }),
    remove: (content) => removeExpiredContent(pool, content, { at, runId }),
    isUnavailable,
  });
  const run = createJob(
    pool,
    jobs.contentRetention,
    async (_, { succeed }) => {
      await removeExpired({
        at,
        signal,
        onRemoved(content) {
          removed += 1;
          failed.delete(content.provenanceId); // it failed in an earlier attempt
          onRemoved(content);
        },
        onFailed(content, error) {
          if (!failed.has(content.provenanceId)) onFailed(content, error);
          failed.add(content.provenanceId);
        },
      });
      if (failed.size > 0) throw new RunFailed(`${failed.size} expired documents could not be removed`, removed);
      await succeed(removed);
      return removed;
    },
    retry,
  );
  return run(dayOf(at), { runId, since, signal });
}

type DialogueRun = Run & {
  readonly days: number;
  readonly onBegin: (cutoff: Cutoff) => void;
  readonly onBatch: (soFar: DeletedCounts) => void;
};

/** The cutoff that a run would apply now. */
export async function findDialogueCutoff(pool: Pool, { days, now }: { days: number; now: Date }): Promise<Cutoff> {
  const wanted = dialogueCutoff({ days, now, firstUnrolled: null });
  return dialogueCutoff({ days, now, firstUnrolled: await firstUnrolledDay(pool, wanted.before) });
}

/** Deletes old dialogues. The run's outcome is the cutoff and the deleted rows. */
export function runDialogueRetention(
  pool: Pool,
  { retry, now, clock }: { retry: Retry; now: () => Date; clock: () => number },
  { runId, since, signal, days, onBegin, onBatch }: DialogueRun,
): Promise<RunResult<{ readonly cutoff: Cutoff; readonly counts: DeletedCounts }>> {
  const at = now();
  const day: Day = dayOf(at);
  let orphanedLeft = true;
  const deleteDialogues = createDeleteDialogues({
    async deleteBatch(batch) {
      const orphaned = orphanedLeft
        ? await deleteOrphanedBatch(pool, { ...batch, runId, limit: dialoguesPerBatch })
        : 0;
      orphanedLeft = orphaned > 0;
      if (orphanedLeft)
        return { counts: { ...nothingDeleted, ai_dialogue_log: orphaned }, next: batch.from ?? '-infinity' };
      return deleteDialogueBatch(pool, { ...batch, runId, limit: dialoguesPerBatch });
    },
    pause: (ms, signal) => pause(ms, undefined, { signal }),
    clock,
  });
  const run = createJob(
    pool,
    jobs.dialogueRetention,
    async (_, { succeed }) => {
      const cutoff = await findDialogueCutoff(pool, { days, now: at });
      await beginDialogueRetention(pool, runId, cutoff);
      onBegin(cutoff);
      const counts = await deleteDialogues({ before: cutoff.before, signal, onBatch });
      await succeed(counts.ai_dialogue_log);
      return { cutoff, counts };
    },
    retry,
  );
  return run(day, { runId, since, signal });
}

type Deps = { readonly pool: Pool; readonly log: Log; readonly retry: Retry; readonly now: () => Date };

/** Removes expired content, at most once a day over all workers. Logs ids and counts, never text. */
export async function removeExpiredContentToday(deps: Deps, signal: AbortSignal): Promise<void> {
  const { log } = deps;
  const result = await runContentRetention(deps.pool, deps, {
    ...todaysRun(deps.now(), signal),
    onRemoved: ({ contentId, contentType, provenanceId, reason, passages }) =>
      log.info({ contentId, contentType, provenanceId, reason, passages }, 'expired content removed'),
    onFailed: ({ contentId, contentType, provenanceId }, error) =>
      log.error(
        { contentId, contentType, provenanceId, reason: describeJobError(error) },
        'could not remove expired content',
      ),
  });
  logResult(log, 'content retention', result, (removed) => ({ removed }));
}

/** Deletes dialogues older than `days`, at most once a day over all workers. */
export async function deleteOldDialoguesToday(deps: Deps, days: number, signal: AbortSignal): Promise<void> {
  const { log } = deps;
  const result = await runDialogueRetention(
    deps.pool,
    { ...deps, clock: () => performance.now() },
    {
      ...todaysRun(deps.now(), signal),
      days,
      onBegin({ heldBackBy }) {
        if (heldBackBy !== null) log.error({ day: heldBackBy }, 'old dialogues are kept: this day was never rolled up');
      },
      onBatch: () => {},
    },
  );
  logResult(log, 'dialogue retention', result, ({ cutoff, counts }) => ({ before: cutoff.before, ...counts }));
}

const documentsPerNight = 1_000;

/** Verifies the least recently verified documents, at most once a day over all workers, and logs those that changed. */
export async function verifyContentToday(deps: Deps, signal: AbortSignal): Promise<void> {
  const { log } = deps;
  const result = await runContentVerification(deps.pool, deps, {
    ...todaysRun(deps.now(), signal),
    limit: documentsPerNight,
    onFound: () => {},
    onVerified({ contentId, contentType, provenanceId }, status) {
      if (status === 'verified' || status === 'no_fetcher') return;
      log.warn({ contentId, contentType, provenanceId, status }, 'content verification failed');
    },
  });
  logResult(log, 'content verification', result, (verified) => ({ verified }));
}

const todaysRun = (at: Date, signal: AbortSignal) => ({ runId: randomUUID(), since: startOf(dayOf(at)), signal });

function logResult<Outcome>(
  log: Log,
  job: string,
  result: RunResult<Outcome>,
  details: (outcome: Outcome) => Record<string, unknown>,
): void {
  if (result.state === 'succeeded') log.info({ job, ...details(result.outcome) }, 'job succeeded');
  if (result.state === 'failed') log.error({ job, reason: result.error }, 'job failed');
}
