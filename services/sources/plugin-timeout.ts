/** Limits the duration of one call of a plugin. */
import pTimeout from 'p-timeout';
import { SourceError } from './source-error.ts';

/** For one call of a plugin, including its retries and pages without items. Milliseconds. */
export const defaultTimeoutMs = 600_000;

/**
 * @param call the result of a plugin's function, which may be synchronous
 * @throws {SourceError} after `ms`; the signal's reason once it is aborted; whatever the call throws
 */
export function withTimeout<T>(call: Promise<T> | T, ms: number, signal: AbortSignal): Promise<T> {
  const message = new SourceError(`has not answered for ${ms / 1_000} seconds`);
  return pTimeout(Promise.resolve(call), { milliseconds: ms, signal, message });
}
