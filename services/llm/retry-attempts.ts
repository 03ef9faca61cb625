/** Tries to get an answer out of a model's server: a few times, within one deadline, with growing pauses. */

import { setTimeout as pause } from 'node:timers/promises';
import pRetry, { type RetryContext } from 'p-retry';
import { ChatFailure } from '../chat/failure.ts';
import { FIRST_RETRY_AFTER_MS, type ModelSettings, RETRIES } from './model-client.ts';
import { AttemptFailure, attemptFailure, gaveNothing } from './model-failure.ts';

/**
 * Runs `attempt` until it succeeds, fails in a way that trying again does not mend, or the time is up. A server that asks to
 * wait is waited for if that leaves time for an answer.
 * @param signal aborts everything at once
 * @param mayRetry asked after a failure: whether another attempt is still possible
 * @throws {ChatFailure}
 */
export async function retryAttempts<T>(
  settings: ModelSettings,
  signal: AbortSignal,
  mayRetry: () => boolean,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(settings.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  const until = performance.now() + settings.timeoutMs;
  const shouldRetry = ({ error, retryDelay }: RetryContext) =>
    error instanceof AttemptFailure &&
    error.mayRetry &&
    mayRetry() &&
    performance.now() + Math.max(retryDelay, error.retryAfterMs) < until;
  try {
    return await pRetry(
      () =>
        attempt(either).catch((error) => {
          throw attemptFailure(error, settings);
        }),
      {
        retries: RETRIES,
        minTimeout: FIRST_RETRY_AFTER_MS,
        randomize: true,
        signal: either,
        shouldRetry: async (context) => {
          if (!shouldRetry(context) || !(context.error instanceof AttemptFailure)) return false;
          await pause(Math.max(0, context.error.retryAfterMs - context.retryDelay), undefined, { signal: either });
          return true;
        },
      },
    );
  } catch (error) {
    if (signal.aborted) throw new ChatFailure('cancelled', 'the question was called off');
    if (deadline.aborted)
      throw gaveNothing(settings, `gave no answer in ${settings.timeoutMs} ms (LLM_TIMEOUT_MS)`).failure;
    throw attemptFailure(error, settings).failure;
  }
}
