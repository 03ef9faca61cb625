/** The retention jobs: remove expired content and old dialogues, for the worker's schedule and for the CLI. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describeJobError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { isAway } from '../postgres/client/errors.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';
import { succeedJobRun } from '../postgres/jobs/job-runs.ts';
import { firstUnrolledDay } from '../postgres/metrics/rollup-gaps.ts';
import { findExpiredContent, removeExpiredContent } from '../postgres/retention/expired-content.ts';
import {
  beginDialogueRetention,
  deleteDialogueBatch,
  deleteOrphanedBatch,
} from '../postgres/retention/old-dialogues.ts';
import { createDeleteDialogues } from '../retention/delete-dialogues.ts';
import type { ExpiredContent } from '../retention/expired-content.ts';
import { type Cutoff, type DeletedCounts, dialogueCutoff, nothingDeleted } from '../retention/old-dialogues.ts';
import { createRemoveExpired } from '../retention/remove-expired.ts';
import { type Day, dayOf, startOf } from '../rollup/day.ts';
import { LeaseLost, type Retry, RunFailed, type RunResult } from '../rollup/leased-run.ts';
import { type Run, wireJob } from './leased-job.ts';
import { runContentVerification } from './verify-content.ts';

/** Contents looked up at a time; each is a transaction of its own. */
const contentsAtOnce = 100;
/** Dialogues of one statement: tens of milliseconds. */
const dialoguesAtOnce = 500;

type ContentRun = Run & {
  readonly onRemoved: (content: ExpiredContent) => void;
  readonly onFailed: (content: ExpiredContent, error: unknown) => void;
};

/**
 * Ties retention to its database and its ledger: the same for the worker's nights and for a person's command.
 * The run's outcome: how many provenance rows became tombstones. Fails if one of them could not be removed.
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
    find: (given) => findExpiredContent(pool, { ...given, limit: contentsAtOnce }),
    remove: (content) => removeExpiredContent(pool, content, { at, runId }),
    isAway,
  });
  const run = wireJob(
    pool,
    jobs.contentRetention,
    async (_, { leaseId, attempts }) => {
      await removeExpired({
        at,
        signal,
        onRemoved(content) {
          removed += 1;
          failed.delete(content.provenanceId); // by an attempt before this one
          onRemoved(content);
        },
        onFailed(content, error) {
          if (!failed.has(content.provenanceId)) onFailed(content, error);
          failed.add(content.provenanceId);
        },
      });
      if (failed.size > 0) throw new RunFailed(`${failed.size} expired contents could not be removed`, removed);
      if (!(await succeedJobRun(pool, leaseId, { attempts, rowsWritten: removed }))) throw new LeaseLost();
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

/** What would be deleted now. */
export async function findDialogueCutoff(pool: Pool, { days, now }: { days: number; now: Date }): Promise<Cutoff> {
  const wanted = dialogueCutoff({ days, now, firstUnrolled: null });
  return dialogueCutoff({ days, now, firstUnrolled: await firstUnrolledDay(pool, wanted.before) });
}

/** The run's outcome: the cutoff, and the rows that were deleted. */
export function runDialogueRetention(
  pool: Pool,
  { retry, now, clock }: { retry: Retry; now: () => Date; clock: () => number },
  { runId, since, signal, days, onBegin, onBatch }: DialogueRun,
): Promise<RunResult<{ readonly cutoff: Cutoff; readonly counts: DeletedCounts }>> {
  const at = now();
  const day: Day = dayOf(at);
  let asideLeft = true;
  const deleteDialogues = createDeleteDialogues({
    async deleteBatch(given) {
      const orphaned = asideLeft ? await deleteOrphanedBatch(pool, { ...given, runId, limit: dialoguesAtOnce }) : 0;
      asideLeft = orphaned > 0;
      if (asideLeft)
        return { counts: { ...nothingDeleted, ai_dialogue_log: orphaned }, next: given.from ?? '-infinity' };
      return deleteDialogueBatch(pool, { ...given, runId, limit: dialoguesAtOnce });
    },
    rest: (ms, signal) => pause(ms, undefined, { signal }),
    clock,
  });
  const run = wireJob(
    pool,
    jobs.dialogueRetention,
    async (_, { leaseId, attempts }) => {
      const cutoff = await findDialogueCutoff(pool, { days, now: at });
      await beginDialogueRetention(pool, runId, cutoff);
      onBegin(cutoff);
      const counts = await deleteDialogues({ before: cutoff.before, signal, onBatch });
      const rowsWritten = counts.ai_dialogue_log;
      if (!(await succeedJobRun(pool, leaseId, { attempts, rowsWritten }))) throw new LeaseLost();
      return { cutoff, counts };
    },
    retry,
  );
  return run(day, { runId, since, signal });
}

type Given = { readonly pool: Pool; readonly log: Log; readonly retry: Retry; readonly now: () => Date };

/**
 * What the worker does of retention and verification: once a day, and told in the log by ids and counts.
 * Called often, it does nothing where any worker has succeeded today.
 */
export async function removeExpiredContentToday(given: Given, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const result = await runContentRetention(given.pool, given, {
    ...todaysRun(given.now(), signal),
    onRemoved: ({ contentId, contentType, provenanceId, reason, passages }) =>
      log.info({ contentId, contentType, provenanceId, reason, passages }, 'content whose retention ended was removed'),
    onFailed: ({ contentId, contentType, provenanceId }, error) =>
      log.error(
        { contentId, contentType, provenanceId, reason: describeJobError(error) },
        'content whose retention ended could not be removed',
      ),
  });
  logEnd(log, 'content retention', result, (removed) => ({ removed }));
}

/** The same for dialogues older than `days`. */
export async function deleteOldDialoguesToday(given: Given, days: number, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const result = await runDialogueRetention(
    given.pool,
    { ...given, clock: () => performance.now() },
    {
      ...todaysRun(given.now(), signal),
      days,
      onBegin({ heldBackBy }) {
        if (heldBackBy !== null) log.error({ day: heldBackBy }, 'old dialogues are kept: this day was never rolled up');
      },
      onBatch: () => {},
    },
  );
  logEnd(log, 'dialogue retention', result, ({ cutoff, counts }) => ({ before: cutoff.before, ...counts }));
}

/** Contents of a night's verification. */
const verifiedANight = 1_000;

/** Reads the content again that was verified the longest ago, and logs what is no longer what was taken in. */
export async function verifyContentToday(given: Given, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const result = await runContentVerification(given.pool, given, {
    ...todaysRun(given.now(), signal),
    limit: verifiedANight,
    onFound: () => {},
    onVerified({ contentId, contentType, provenanceId }, status) {
      if (status === 'verified' || status === 'no_fetcher') return;
      log.warn({ contentId, contentType, provenanceId, status }, 'content is not known to be what was taken in');
    },
  });
  logEnd(log, 'content verification', result, (verified) => ({ verified }));
}

const todaysRun = (at: Date, signal: AbortSignal) => ({ runId: randomUUID(), since: startOf(dayOf(at)), signal });

function logEnd<Outcome>(
  log: Log,
  job: string,
  result: RunResult<Outcome>,
  told: (outcome: Outcome) => Record<string, unknown>,
): void {
  if (result.state === 'succeeded') log.info({ job, ...told(result.outcome) }, 'a job is done');
  if (result.state === 'failed') log.error({ job, reason: result.error }, 'a job failed');
}
