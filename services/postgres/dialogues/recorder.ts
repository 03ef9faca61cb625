/** Commits answered turns in groups, and tells each caller when its own rows are durable. */
import { ChatFailure } from '../../chat/failure.ts';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { isAway, isOfErasedUser, isRefusal } from '../client/errors.ts';

/** Every turn that is received is later stored or rejected; until then it is pending. */
export type RecordState = 'received' | 'stored' | 'rejected';

type Recorder = {
  /** @throws {ChatFailure} `overloaded` (queue full), `database_unavailable` (deadline passed), `internal` (row refused), `cancelled` (user erased) */
  readonly record: (turn: AnsweredTurn) => Promise<void>;
  readonly pending: () => number;
  /** Resolves when nothing is pending: each turn was stored, or rejected at its deadline. */
  readonly flushed: () => Promise<void>;
};

type Waiting = {
  readonly turn: AnsweredTurn;
  readonly settle: (failure: ChatFailure | null) => void;
  settled: boolean;
};

const largestGroup = 500;
const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * One writer commits everything that queued while its last commit was in flight: a lone caller waits for one insert,
 * many callers share one. No timer delays anybody.
 *
 * @param insert writes all turns or none; may be called again with turns it has already written
 * @param deadlineMs how long a turn is retried while the database is away
 * @param limit turns that may be pending at once
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
        new ChatFailure('overloaded', `${limit} answers wait to be recorded`, { retryAfterSeconds: 5 }),
      );
    }
    count('received');
    pending += 1;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () =>
          waiting.settle(new ChatFailure('database_unavailable', 'not recorded in time', { retryAfterSeconds: 10 })),
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
      const group = queue.splice(0, largestGroup).filter((waiting) => !waiting.settled);
      const unwritten = await write(group);
      if (unwritten.length === 0) {
        pauseMs = firstPauseMs;
        continue;
      }
      queue.unshift(...unwritten);
      await new Promise((resume) => setTimeout(resume, pauseMs));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
    writing = false;
  }

  /** Settles what was stored or refused and gives back what may be tried again, in order. */
  async function write(group: readonly Waiting[]): Promise<readonly Waiting[]> {
    if (group.length === 0) return [];
    try {
      await insert(group.map((waiting) => waiting.turn));
      for (const waiting of group) waiting.settle(null);
      return [];
    } catch (error) {
      if (isAway(error)) return group;
      if (group.length === 1 || !isRefusal(error)) {
        const failure = isOfErasedUser(error)
          ? new ChatFailure('cancelled', 'the user was erased meanwhile', { cause: error })
          : new ChatFailure('internal', 'the database refused the row', { cause: error });
        for (const waiting of group) waiting.settle(failure);
        return [];
      }
      // One row that Postgres refuses must not take its neighbours down.
      const middle = Math.ceil(group.length / 2);
      const first = await write(group.slice(0, middle));
      const second = await write(group.slice(middle));
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
