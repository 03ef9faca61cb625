/** Deletes old dialogues in small batches with pauses, so that recording answers is not slowed down. */
import { addCounts, type DeletedCounts, nothingDeleted } from './old-dialogues.ts';

export type DialogueBatch = {
  readonly counts: DeletedCounts;
  /** Where the next batch begins; null: nothing is left. */
  readonly next: string | null;
};

type DeleteDialogues = (run: {
  readonly before: Date;
  readonly signal: AbortSignal;
  /** Called after each batch with the counts so far. */
  readonly onBatch: (soFar: DeletedCounts) => void;
}) => Promise<DeletedCounts>;

/** For one run: when called again after a failure, it continues counting. */
export function createDeleteDialogues({
  deleteBatch,
  pause,
  clock,
}: {
  /** Deletes the oldest dialogues from `from` on; locked rows are left for the next run. */
  deleteBatch: (batch: { before: Date; from: string | null }) => Promise<DialogueBatch>;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds, monotonic. */
  clock: () => number;
}): DeleteDialogues {
  let soFar = nothingDeleted;
  return async ({ before, signal, onBatch }) => {
    let from: string | null = null;
    for (;;) {
      signal.throwIfAborted();
      const began = clock();
      const batch: DialogueBatch = await deleteBatch({ before, from });
      if (batch.next === null) return soFar;
      soFar = addCounts(soFar, batch.counts);
      from = batch.next;
      onBatch(soFar);
      // Pausing as long as the batch took leaves at least half of the time to others, on fast and slow disks.
      await pause(clock() - began, signal);
    }
  };
}
