/** Waits for a plugin no longer than is reasonable, and not at all once we are told to end. */
import { SourceError } from './source-error.ts';

/** For one thing that a plugin is asked, its retries and pages without items included. Milliseconds. */
export const usualPatience = 600_000;

/**
 * @param given a plugin may answer at once, without a promise
 * @throws {SourceError} after `ms`; the signal's reason; whatever the work throws
 */
export async function withPatience<T>(given: Promise<T> | T, ms: number, signal: AbortSignal): Promise<T> {
  const work = Promise.resolve(given);
  // Whoever loses the race may still fail, and nobody listens any more; an abort may have come before the race, too.
  work.catch(() => {});
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new SourceError(`has not answered for ${ms / 1_000} seconds`)), ms);
  const end = () => reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
