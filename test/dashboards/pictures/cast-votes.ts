/** Users who vote on answers, mostly upvotes. */
import { setTimeout as pause } from 'node:timers/promises';
import { questions } from '../../../gameday/traffic/questions.ts';

type Options = {
  /** The origin of the chat server. */
  readonly chat: string;
  readonly token: () => Promise<string>;
  readonly signal: AbortSignal;
};

/** Runs until `signal` aborts. Failed questions are not retried. */
export async function castVotes({ chat, token, signal }: Options): Promise<void> {
  for (let nth = 0; !signal.aborted; nth += 1) {
    await voteOnce(nth).catch(() => {}); // an incident, or the abort
    await pause(1_000, undefined, { signal }).catch(() => {});
  }

  async function voteOnce(nth: number): Promise<void> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await token()}` };
    const post = (path: string, body: object) =>
      fetch(`${chat}${path}`, { method: 'POST', headers, body: JSON.stringify(body), signal });
    const reply = await post('/api/ai/chat', { query: questions[nth % questions.length], stream: nth % 2 === 0 });
    const id = /"id":\s*"([0-9a-f-]{36})","sessionId"/.exec(await reply.text())?.[1];
    if (id !== undefined) await post(`/api/ai/dialogues/${id}/feedback`, { vote: nth % 5 === 0 ? -1 : 1 });
  }
}
