/** Deletes old dialogues in small batches with pauses between them, so that answers are recorded as if nothing happened. */
import { addCounts, type DeletedCounts, nothingDeleted } from './old-dialogues.ts';

export type DialogueBatch = {
  readonly counts: DeletedCounts;
  /** Where the next batch begins; null: this one found nothing. */
  readonly next: string | null;
};

type DeleteDialogues = (run: {
  readonly before: Date;
  readonly signal: AbortSignal;
  /** Told of each batch, with the counts so far. */
  readonly onBatch: (soFar: DeletedCounts) => void;
}) => Promise<DeletedCounts>;

/** For one run: called again, after a failure, it goes on counting. */
export function createDeleteDialogues({
  deleteBatch,
  rest,
  clock,
}: {
  /** Deletes the oldest from `from` on; those that somebody holds at the moment are left for the next run. */
  deleteBatch: (given: { before: Date; from: string | null }) => Promise<DialogueBatch>;
  rest: (ms: number, signal: AbortSignal) => Promise<void>;
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
      // As long as the batch took: at least half of the time is everybody else's, on a fast disk and on a slow one.
      await rest(clock() - began, signal);
    }
  };
}
