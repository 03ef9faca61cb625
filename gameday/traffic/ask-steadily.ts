/** Asks questions at a steady pace, whatever becomes of them: people do not wait for each other. */
import { questions } from './questions.ts';

export type Traffic = {
  readonly counts: () => { readonly answered: number; readonly refused: number };
  /** Hangs up on what is not answered yet. */
  readonly stop: () => Promise<void>;
};

type Given = {
  readonly chat: string;
  readonly token: () => Promise<string>;
  readonly perSecond: number;
};

/** A server that answers nothing any more gets no more than these at once. */
const mostAtOnce = 400;
const patienceMs = 120_000;

export function askSteadily({ chat, token, perSecond }: Given): Traffic {
  const counts = { answered: 0, refused: 0 };
  let asked = 0;
  const open = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function ask(query: string): Promise<void> {
    const reply = await fetch(`${chat}/api/ai/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ query }),
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)]),
    });
    await reply.arrayBuffer();
    if (!reply.ok) throw new Error(`${reply.status}`);
  }

  const timer = setInterval(() => {
    if (open.size >= mostAtOnce) return;
    const question = ask(questions[asked % questions.length] ?? '').then(
      () => {
        counts.answered += 1;
      },
      () => {
        counts.refused += 1;
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
