/** Records failed turns in chat_failure, in the background and with retries. */
import pRetry from 'p-retry';
import type { Pool } from 'pg';
import type { FailedTurn } from '../../chat/turn.ts';
import { intakeOf, label } from './insert-turns.ts';

/** Records at which stage and why a turn failed, without its text. @returns false: it was recorded before */
export async function insertFailure(pool: Pool, turn: FailedTurn): Promise<boolean> {
  const { failure, external } = turn;
  const { rowCount } = await pool.query({
    name: 'insert-failure',
    text: `
      insert into chat_failure (id, at, stage, failure, model, trace_id, service, release, intake)
      values ($1, $2, $3, $4, left($5, 100), $6, $7, $8, $9)
      on conflict do nothing`,
    values: [
      turn.id,
      turn.askedAt,
      failure.stage,
      failure.code,
      turn.model,
      turn.traceId,
      external?.service ?? 'rag-chat',
      label(external?.release),
      intakeOf(turn),
    ],
  });
  return rowCount === 1;
}

type FailureKeeper<Item> = {
  /** Returns at once and never throws. */
  readonly keep: (item: Item) => void;
  /** Stops the retries and waits for writes in flight. */
  readonly close: () => Promise<void>;
};

/** About five minutes. Later failures are missing from the rollup only; the metrics have already counted them. */
const retry = { retries: 14, minTimeout: 100, maxTimeout: 60_000, factor: 2 };

/**
 * Writes failed turns, or other rows about failures, in the background and retries while the database is unavailable.
 * @param limit failures waiting at once; further ones are dropped
 * @param onLoss called for each failure that was dropped or could not be written
 */
export function createFailureKeeper<Item = FailedTurn>({
  insert,
  limit,
  onLoss,
}: {
  insert: (item: Item) => Promise<unknown>;
  limit: number;
  onLoss: (item: Item, reason: unknown) => void;
}): FailureKeeper<Item> {
  const writing = new Set<Promise<unknown>>();
  const closing = new AbortController();
  return {
    keep(item) {
      if (writing.size >= limit) {
        onLoss(item, new Error(`${limit} rows are waiting to be written`));
        return;
      }
      let stored = false;
      const attempt = async () => {
        await insert(item);
        stored = true;
      };
      const written = pRetry(attempt, { ...retry, signal: closing.signal })
        // When aborted, pRetry rejects even if its last attempt succeeded.
        .catch((reason: unknown) => stored || onLoss(item, reason))
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    async close() {
      closing.abort(new Error('the server is shutting down'));
      await Promise.all(writing);
    },
  };
}
