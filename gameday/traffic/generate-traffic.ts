/** Asks questions at a constant rate, without waiting for replies, as independent users do. */
import { questions } from './questions.ts';

export type Traffic = {
  readonly counts: () => { readonly answered: number; readonly failed: number };
  /** Aborts the open requests. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly chat: string;
  readonly token: () => Promise<string>;
  readonly perSecond: number;
};

/** Limits the open requests to a server that does not reply. */
const maxOpen = 400;
const timeoutMs = 120_000;

export function generateTraffic({ chat, token, perSecond }: Options): Traffic {
  const counts = { answered: 0, failed: 0 };
  let asked = 0;
  const open = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function ask(query: string): Promise<void> {
    const reply = await fetch(`${chat}/api/ai/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ query }),
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]),
    });
    await reply.arrayBuffer();
    if (!reply.ok) throw new Error(`${reply.status}`);
  }

  const timer = setInterval(() => {
    if (open.size >= maxOpen) return;
    const question = ask(questions[asked % questions.length] ?? '').then(
      () => {
        counts.answered += 1;
      },
      () => {
        counts.failed += 1;
      },
    );
    asked += 1;
    open.add(question);
    question.finally(() => open.delete(question));
  }, 1_000 / perSecond);

  return {
    counts: () => ({ ...counts }),
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(open);
    },
  };
}
