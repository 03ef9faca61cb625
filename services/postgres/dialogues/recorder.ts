/** Commits answered turns in batches; each caller waits until its own rows are durable. */

import type { AnsweredTurn } from '../../chat/turn.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import { isDataError, isErasedUserError, isUnavailable } from '../client/errors.ts';

/** Each received turn is pending until it is stored or rejected. */
export type RecordState = 'received' | 'stored' | 'rejected';

type Recorder = {
  /**
   * @throws {ServiceFailure} `overloaded` (queue full), `database_unavailable` (deadline passed), `internal` (row
   *   rejected), `cancelled` (user erased)
   */
  readonly record: (turn: AnsweredTurn) => Promise<void>;
  readonly pending: () => number;
  /** Resolves when no turn is pending: each was stored, or rejected at its deadline. */
  readonly flushed: () => Promise<void>;
};

type Waiting = {
  readonly turn: AnsweredTurn;
  readonly settle: (failure: ServiceFailure | null) => void;
  settled: boolean;
};

const maxBatch = 500;
const firstPauseMs = 20;
const maxPauseMs = 500;

/**
 * One writer commits everything that queued up during its last commit: a single caller waits for one insert, many
 * callers share one. No timer delays a commit.
 * @param insert writes all turns or none; may be called again with turns already written
 * @param deadlineMs how long a turn is retried while the database is unavailable
 * @param limit maximum number of pending turns
 */
export function createRecorder({
  insert,
  deadlineMs,
  limit,
  count,
}: {
  insert: (turns: readonly AnsweredTurn[]) => Promise<void>;
  deadlineMs: number;
  limit: number;
  count: (state: RecordState) => void;
}): Recorder {
  const queue: Waiting[] = [];
  let pending = 0;
  let writing = false;
  let writer = Promise.resolve();

  function record(turn: AnsweredTurn): Promise<void> {
    if (pending >= limit) {
      return Promise.reject(
        new ServiceFailure('overloaded', `${limit} turns are waiting to be recorded`, { retryAfterSeconds: 5 }),
      );
    }
    count('received');
    pending += 1;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () =>
          waiting.settle(new ServiceFailure('database_unavailable', 'not recorded in time', { retryAfterSeconds: 10 })),
        deadlineMs,
      );
      const waiting: Waiting = {
        turn,
        settled: false,
        settle(failure) {
          if (waiting.settled) return;
          waiting.settled = true;
          clearTimeout(deadline);
          pending -= 1;
          count(failure === null ? 'stored' : 'rejected');
          if (failure === null) resolve();
          else reject(failure);
        },
      };
      queue.push(waiting);
      if (!writing) writer = writeAll();
    });
  }

  async function writeAll(): Promise<void> {
    writing = true;
    let pauseMs = firstPauseMs;
    while (queue.length > 0) {
      const batch = queue.splice(0, maxBatch).filter((waiting) => !waiting.settled);
      const unwritten = await write(batch);
      if (unwritten.length === 0) {
        pauseMs = firstPauseMs;
        continue;
      }
      queue.unshift(...unwritten);
      await new Promise((resume) => setTimeout(resume, pauseMs));
      pauseMs = Math.min(pauseMs * 2, maxPauseMs);
    }
    writing = false;
  }

  /** Settles the stored and rejected turns. @returns those to retry, in order */
  async function write(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    if (batch.length === 0) return [];
    try {
      await insert(batch.map((waiting) => waiting.turn));
      for (const waiting of batch) waiting.settle(null);
      return [];
    } catch (error) {
      if (isUnavailable(error)) return batch;
      if (batch.length === 1 || !isDataError(error)) {
        const failure = isErasedUserError(error)
          ? new ServiceFailure('cancelled', 'the user was erased', { cause: error })
          : new ServiceFailure('internal', 'the database rejected the row', { cause: error });
        for (const waiting of batch) waiting.settle(failure);
        return [];
      }
      // Bisect, so that one rejected row does not fail the others.
      const middle = Math.ceil(batch.length / 2);
      const first = await write(batch.slice(0, middle));
      const second = await write(batch.slice(middle));
      return [...first, ...second];
    }
  }

  return {
    record,
    pending: () => pending,
    async flushed() {
      while (writing) await writer;
    },
  };
}
