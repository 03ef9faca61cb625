/** Records failed questions in chat_failure, buffered while the database is slow. */
import pRetry from 'p-retry';
import type { Pool } from 'pg';
import type { FailedTurn } from '../../chat/turn.ts';

/** Keeps that a question failed, at which stage and why; never its text. */
export async function insertFailure(pool: Pool, turn: FailedTurn): Promise<void> {
  await pool.query({
    name: 'insert-failure',
    text: `
      insert into chat_failure (id, at, stage, failure, model, trace_id)
      values ($1, $2, $3, $4, left($5, 100), $6)
      on conflict do nothing`,
    values: [turn.id, turn.askedAt, turn.failure.stage, turn.failure.code, turn.model, turn.traceId],
  });
}

type FailureKeeper = {
  /** Returns at once and never throws. */
  readonly keep: (turn: FailedTurn) => void;
  /** Ends the retries; resolves when nothing is being written. */
  readonly close: () => Promise<void>;
};

/** Half an outage of ten minutes is the rollup's loss, not more; metrics have counted the failures already. */
const retry = { retries: 14, minTimeout: 100, maxTimeout: 60_000, factor: 2 };

/**
 * Writes failed turns to the database behind the caller's back, and again when the database was what failed.
 * @param limit failures held at once; past it the outage has said enough, and `onLoss` is told
 * @param onLoss told of each failure that could not be written, with the reason
 */
export function createFailureKeeper({
  insert,
  limit,
  onLoss,
}: {
  insert: (turn: FailedTurn) => Promise<void>;
  limit: number;
  onLoss: (turn: FailedTurn, reason: unknown) => void;
}): FailureKeeper {
  const writing = new Set<Promise<unknown>>();
  const closing = new AbortController();
  return {
    keep(turn) {
      if (writing.size >= limit) {
        onLoss(turn, new Error(`${limit} failures wait to be written`));
        return;
      }
      let stored = false;
      const attempt = async () => {
        await insert(turn);
        stored = true;
      };
      const written = pRetry(attempt, { ...retry, signal: closing.signal })
        // Told to end, the retrying rejects even where its last attempt has succeeded.
        .catch((reason: unknown) => stored || onLoss(turn, reason))
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    async close() {
      closing.abort(new Error('the server is shutting down'));
      await Promise.all(writing);
    },
  };
}
