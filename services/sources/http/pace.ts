/** Spaces requests to a host, so that a source is not overrun. */

export type Pace = (host: string, signal: AbortSignal) => Promise<void>;

/**
 * Resolves when the next request to the host may go.
 * @param pause waits so many milliseconds; rejects when the signal is aborted
 * @param clock milliseconds, monotonic
 */
export function createPace({
  perMinute,
  pause,
  clock,
}: {
  perMinute: number;
  pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  clock: () => number;
}): Pace {
  const gap = 60_000 / perMinute;
  const next = new Map<string, number>();
  return async (host, signal) => {
    const now = clock();
    const mine = Math.max(now, next.get(host) ?? now);
    next.set(host, mine + gap);
    if (mine > now) await pause(mine - now, signal);
  };
}
