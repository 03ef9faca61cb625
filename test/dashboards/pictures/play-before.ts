/** What happens on the stack before pictures are taken: a quiet time, an incident that was healed, and one that goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlClient, controlClient } from '../../../gameday/control/control-client.ts';
import type { GamedayStack } from '../../../gameday/stack/start-stack.ts';

type Played = {
  /** What is shown begins there. */
  readonly from: Date;
  readonly to: Date;
  /** Heals what still goes on. */
  readonly end: () => Promise<void>;
};

type Given = {
  readonly stack: Pick<GamedayStack, 'control' | 'prometheus'>;
  /** An hour of the stack's rules. */
  readonly hourMs: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/** Of the incident that goes on. */
const alert = 'ALERTS{alertname="RagCitationRate",alertstate="firing",severity="critical"}';
const patienceMs = 240_000;

/** Resolves a while after the page for the second incident. @throws {Error} where it never comes */
export async function playBefore({ stack, hourMs, say, signal }: Given): Promise<Played> {
  const wait = (ms: number) => pause(ms, undefined, { signal });
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
  const control: ControlClient = controlClient(stack.control);
  const from = new Date();
  const [before, slowFor, between, after] = [hourMs / 4, hourMs / 3, hourMs * 0.6, hourMs / 6];
  say(`Quiet for ${seconds(before)}.`);
  await wait(before);
  say(`The model is slow for ${seconds(slowFor)}, then all is quiet for ${seconds(between)}.`);
  const slow = await control.start('slow-model');
  await wait(slowFor);
  await slow.recover();
  await wait(between);
  say('The model cites nothing any more, until pictures are taken. Waiting for the page about it.');
  const citations = await control.start('citation-drop');
  await firing(stack.prometheus, wait);
  say(`The page came. Pictures in ${seconds(after)}.`);
  await wait(after);
  return {
    from,
    to: new Date(),
    async end() {
      await citations.recover();
    },
  };
}

async function firing(prometheus: string, wait: (ms: number) => Promise<void>): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const response = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query: alert })}`);
    const { data } = (await response.json()) as { data?: { result: unknown[] } };
    if ((data?.result.length ?? 0) > 0) return;
    if (performance.now() > giveUpAt) throw new Error(`it never came: ${alert}`);
    await wait(500);
  }
}
