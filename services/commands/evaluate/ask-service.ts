/** Asks a service one question over HTTP. */
import { setTimeout as wait } from 'node:timers/promises';
import type { EvaluationQuestion } from './evaluation-set.ts';
import { type FieldMapping, readReply, type ServiceReply } from './field-mapping.ts';
import { parsePath, withValueAt } from './json-path.ts';

export type Asked = {
  /** Null: the question failed. */
  readonly reply: ServiceReply | null;
  /** Why it failed, without text of the question or the answer; null for a reply. */
  readonly failure: string | null;
  /** Milliseconds from the request to the end of the reply, waits for a rate limit excluded. */
  readonly elapsedMs: number;
};

export type Ask = (question: EvaluationQuestion, signal: AbortSignal) => Promise<Asked>;

/** Every question would fail in the same way, so the evaluation stops. */
class ServiceUnusable extends Error {
  override readonly name = 'ServiceUnusable';
}

const mostWaits = 20;
const longestWaitMs = 60_000;
/** Without an advice of the service. */
const defaultWaitMs = 5_000;

/**
 * A request that the service postpones (429, or 503 with Retry-After) is sent again.
 * @param body further fields of the request body
 * @param newSession makes the id of a follow-up's session, for a mapping that names a field for it
 * @throws {ServiceUnusable} for an unreachable address, and for status codes that concern every question
 */
export function createAsk({
  url,
  headers,
  body,
  mapping,
  timeoutMs,
  newSession,
  clock,
}: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly mapping: FieldMapping;
  readonly timeoutMs: number;
  readonly newSession: () => string;
  readonly clock: () => number;
}): Ask {
  const send = async (question: string, session: string | null, signal: AbortSignal): Promise<Response> => {
    const fields = (mapping.question ?? []).map((path) => [path, question] as const);
    const sessions = session === null ? [] : (mapping.session ?? []).map((path) => [path, session] as const);
    const json = [...fields, ...sessions].reduce(
      (sum: unknown, [path, value]) => withValueAt(sum, parsePath(path), value),
      body,
    );
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    return fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(json),
      signal: limit,
    });
  };

  const once = async (question: string, session: string | null, signal: AbortSignal): Promise<Asked> => {
    for (let waits = 0; ; waits += 1) {
      const start = clock();
      try {
        const response = await send(question, session, signal);
        if (waits < mostWaits && isPostponed(response)) {
          await response.body?.cancel();
          await wait(waitOf(response), undefined, { signal });
          continue;
        }
        if (!response.ok) {
          await response.body?.cancel();
          if ([401, 403, 404, 405].includes(response.status)) throw unusable(url, response.status);
          return { reply: null, failure: `status ${response.status}`, elapsedMs: clock() - start };
        }
        const json: unknown = await response.json();
        return { reply: readReply(json, mapping), failure: null, elapsedMs: clock() - start };
      } catch (error) {
        if (error instanceof ServiceUnusable || signal.aborted) throw error;
        return { reply: null, failure: failureOf(error), elapsedMs: clock() - start };
      }
    }
  };

  return async ({ question, after }, signal) => {
    if (after === null) return once(question, null, signal);
    const session = newSession();
    const before = await once(after, session, signal);
    return before.reply === null ? before : once(question, session, signal);
  };
}

function isPostponed({ status, headers }: Response): boolean {
  return status === 429 || (status === 503 && headers.has('retry-after'));
}

function waitOf({ headers }: Response): number {
  const advice = headers.get('retry-after');
  if (advice === null) return defaultWaitMs;
  const ms = /^\d+$/.test(advice) ? Number(advice) * 1_000 : Date.parse(advice) - Date.now();
  return Number.isNaN(ms) ? defaultWaitMs : Math.min(longestWaitMs, Math.max(250, ms));
}

function unusable(url: string, status: number): ServiceUnusable {
  const advice =
    status === 401 || status === 403
      ? 'Put a token into an environment variable and name it with --token-from VARIABLE.'
      : 'Check the address in --service; an address without a path means /api/ai/chat.';
  return new ServiceUnusable(`${url} replied with status ${status}. ${advice}`);
}

/** The message of an error of our own, or the code of the connection's; never text of the reply. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error.message.startsWith('the reply has no text')
    ? error.message
    : error instanceof SyntaxError
      ? 'the reply is not JSON'
      : 'connection failed';
}
