/** Asks a server again after a failure that may pass, with growing pauses, or after the time that the server names. */
import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';

/** Milliseconds before the first retry; doubled for the next and randomised up to twofold. */
const firstRetryAfterMs = 200;

/** @throws what the last attempt throws, or the reason of `signal` */
export function retryRequest<T>(
  attempt: () => Promise<T>,
  {
    retries,
    signal,
    askedToWaitMs,
    leftMs,
  }: {
    /** Attempts after the first. */
    readonly retries: number;
    readonly signal: AbortSignal;
    /** How long the server wants to be left alone; null: a retry cannot help. */
    readonly askedToWaitMs: (error: unknown) => number | null;
    /** A retry that would begin later than this is not made. */
    readonly leftMs: () => number;
  },
): Promise<T> {
  return pRetry(attempt, {
    retries,
    minTimeout: firstRetryAfterMs,
    randomize: true,
    signal,
    shouldRetry: async ({ error, retryDelay }) => {
      const asked = askedToWaitMs(error);
      if (asked === null || Math.max(retryDelay, asked) >= leftMs()) return false;
      await pause(Math.max(0, asked - retryDelay), undefined, { signal });
      return true;
    },
  });
}
