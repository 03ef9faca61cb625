/** Callers that ask over real HTTP without a pause, and record every answer that they get. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './seeded-random.ts';

export type ReplyKind =
  | 'answered'
  | 'answered (events)'
  | '503'
  | '503 (events)'
  | '409 in progress'
  | 'connection lost'
  | 'wrong';

export type Callers = {
  /** Ids of acknowledged answers, with their questions. */
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly counts: Readonly<Record<ReplyKind, number>>;
  /** Descriptions of invalid replies. */
  readonly wrong: readonly string[];
  /** The longest wait for a reply. Milliseconds. */
  readonly longestWaitMs: () => number;
  /** Resolves when every caller has its last reply. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly origin: string;
  readonly tokens: readonly string[];
  readonly number: number;
  readonly random: Random;
  /** Between a caller's questions. Milliseconds. */
  readonly restMs?: number;
};

const triesUnderOneKey = 6;
/** Longer than a question may take. */
const timeoutMs = 60_000;

/** Some use an Idempotency-Key and retry with it after a failure, some use event streams, some neither. */
export function startCallers({ origin, tokens, number, random, restMs = 0 }: Options): Callers {
  const acknowledged = new Map<string, string>();
  const wrong: string[] = [];
  const counts = Object.fromEntries(
    ['answered', 'answered (events)', '503', '503 (events)', '409 in progress', 'connection lost', 'wrong'].map(
      (kind) => [kind, 0],
    ),
  ) as Record<ReplyKind, number>;
  let stopped = false;
  let asked = 0;
  let longestWait = 0;

  async function call(): Promise<void> {
    while (!stopped) {
      asked += 1;
      // Each question is unique, so that its rows can be counted.
      const question = { query: `What is RAG? (${asked})`, stream: random.chance(0.3) };
      const token = random.pick(tokens);
      const key = random.chance(0.5) ? `question-${asked}` : null;
      for (let tries = 1; tries <= (key === null ? 1 : triesUnderOneKey); tries += 1) {
        const startedAt = performance.now();
        const kind = await ask(question, token, key);
        longestWait = Math.max(longestWait, performance.now() - startedAt);
        counts[kind] += 1;
        if (kind.startsWith('answered') || stopped) break;
        await pause(random.between(20, 200)); // callers of a failing server back off
      }
      await pause(restMs);
    }
  }

  async function ask(
    question: { query: string; stream: boolean },
    token: string,
    key: string | null,
  ): Promise<ReplyKind> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${origin}/api/ai/chat`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          ...(key !== null && { 'idempotency-key': key }),
        },
        body: JSON.stringify(question),
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TimeoutError') return 'connection lost';
      return isWrong(`no reply within ${timeoutMs} ms`);
    }
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return readEvents(text, question.query);
    if (response.status === 200) {
      acknowledge(JSON.parse(text).id, question.query);
      return 'answered';
    }
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
    const isPutOff = isProblem && Number(response.headers.get('retry-after')) >= 1;
    if (response.status === 503 && isPutOff) return '503';
    if (response.status === 409 && isPutOff && key !== null) return '409 in progress';
    return isWrong(`${response.status} ${text}`);
  }

  function readEvents(text: string, query: string): ReplyKind {
    const last = text.trimEnd().split('\n\n').at(-1) ?? '';
    const data = /^data: (.*)$/m.exec(last)?.[1] ?? '';
    if (/^event: done$/m.test(last)) {
      acknowledge(JSON.parse(data).id, query);
      return 'answered (events)';
    }
    if (!/^event: error$/m.test(last)) return isWrong(`event stream that ends with: ${last}`);
    return JSON.parse(data).status === 503 ? '503 (events)' : isWrong(data);
  }

  function acknowledge(id: string, query: string): void {
    const before = acknowledged.get(id);
    if (before !== undefined && before !== query) isWrong(`the answer ${id} was returned for two questions`);
    acknowledged.set(id, query);
  }

  function isWrong(what: string): 'wrong' {
    wrong.push(what.slice(0, 400));
    return 'wrong';
  }

  const running = Array.from({ length: number }, call);
  return {
    acknowledged,
    counts,
    wrong,
    longestWaitMs: () => longestWait,
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  };
}
