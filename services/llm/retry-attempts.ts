/** Makes a few attempts at an answer, within time limits, with growing pauses. */
import { ServiceFailure } from '../failure/service-failure.ts';
import { type ModelSettings, RETRIES } from './model-client.ts';
import { AttemptFailure, attemptFailure, failed } from './model-failure.ts';
import { retryRequest } from './retry-request.ts';

/** @param began to be called with the first byte of a response: from then on only the limit of the whole answer runs */
type Attempt<T> = (signal: AbortSignal, began: () => void) => Promise<T>;

/**
 * Runs `attempt` until it succeeds, fails in a way that a retry cannot fix, or the time is up. Where a server asks to wait, the
 * retry waits, provided that leaves time for an answer.
 * @param signal aborts everything at once
 * @param mayRetry called after a failure: whether another attempt is still possible
 * @throws {ServiceFailure}
 */
export async function retryAttempts<T>(
  settings: ModelSettings,
  signal: AbortSignal,
  mayRetry: () => boolean,
  attempt: Attempt<T>,
): Promise<T> {
  const limit = createTimeLimit(settings.timeoutMs);
  const whole = createTimeLimit(settings.maxAnswerMs);
  const either = AbortSignal.any([signal, limit.signal, whole.signal]);
  const attemptOnce = async () => {
    try {
      return await attempt(either, limit.pause);
    } catch (error) {
      throw attemptFailure(error, settings);
    } finally {
      limit.resume();
    }
  };
  try {
    return await retryRequest(attemptOnce, {
      retries: RETRIES,
      signal: either,
      askedToWaitMs: (error) =>
        error instanceof AttemptFailure && error.mayRetry && mayRetry() ? error.retryAfterMs : null,
      leftMs: () => Math.min(limit.left(), whole.left()),
    });
  } catch (error) {
    if (signal.aborted) throw new ServiceFailure('cancelled', 'the question was cancelled', { model: settings.name });
    if (limit.signal.aborted)
      throw failed(settings, 'model_silent', `gave no answer in ${settings.timeoutMs} ms (LLM_TIMEOUT_MS)`).failure;
    if (whole.signal.aborted) {
      const what = `did not complete its answer in ${settings.maxAnswerMs} ms (LLM_MAX_ANSWER_MS)`;
      throw failed(settings, 'model_unavailable', what).failure;
    }
    throw attemptFailure(error, settings).failure;
  } finally {
    limit.pause();
    whole.pause();
  }
}

/** A timer that can be paused; its signal aborts when the time is used up. */
function createTimeLimit(ms: number) {
  const controller = new AbortController();
  let left = ms;
  let since: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const remaining = () => (since === null ? left : left - (performance.now() - since));
  const limit = {
    signal: controller.signal,
    left: remaining,
    pause() {
      clearTimeout(timer);
      left = remaining();
      since = null;
    },
    resume() {
      if (since !== null) return;
      since = performance.now();
      timer = setTimeout(() => controller.abort(), Math.max(0, left));
    },
  };
  limit.resume();
  return limit;
}
