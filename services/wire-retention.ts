/** Ties retention to its database and its ledger: the same for the worker's nights and for a person's command. */
import { setTimeout as pause } from 'node:timers/promises';
import { beginDialogueRetention } from './postgres/begin-dialogue-retention.ts';
import type { Pool } from './postgres/connect.ts';
import { deleteDialogueBatch } from './postgres/delete-dialogue-batch.ts';
import { deleteOrphanedBatch } from './postgres/delete-orphaned-batch.ts';
import { isAway } from './postgres/error-kinds.ts';
import { findExpiredContent } from './postgres/find-expired-content.ts';
import { firstUnrolledDay } from './postgres/first-unrolled-day.ts';
import { jobs } from './postgres/job-ledger.ts';
import { succeedJobRun } from './postgres/job-run-succeed.ts';
import { removeExpiredContent } from './postgres/remove-expired-content.ts';
import { createDeleteDialogues } from './retention/delete-dialogues.ts';
import type { ExpiredContent } from './retention/expired-content.ts';
import { type Cutoff, type DeletedCounts, dialogueCutoff, nothingDeleted } from './retention/old-dialogues.ts';
import { createRemoveExpired } from './retention/remove-expired.ts';
import { type Day, dayOf } from './rollup/day.ts';
import { LeaseLost, type Retry, RunFailed, type RunResult } from './rollup/leased-run.ts';
import { wireJob } from './wire-job.ts';

/** Contents looked up at a time; each is a transaction of its own. */
const contentsAtOnce = 100;
/** Dialogues of one statement: tens of milliseconds. */
const dialoguesAtOnce = 500;

/** One run, under the lease of the day. */
export type Run = {
  readonly runId: string;
  /** A run of this day that succeeded since then makes this one unnecessary; null: run in any case. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
};

type ContentRun = Run & {
  readonly onRemoved: (content: ExpiredContent) => void;
  readonly onFailed: (content: ExpiredContent, error: unknown) => void;
};

/** The run's outcome: how many provenance rows became tombstones. Fails if one of them could not be removed. */
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
