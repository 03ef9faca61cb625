/** The incidents before pictures are taken: a quiet period, a resolved incident, and an active one. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlClient, controlClient } from '../../../gameday/control/control-client.ts';
import type { GamedayStack } from '../../../gameday/stack/start-stack.ts';

type Incidents = {
  /** Start of the time range of the pictures. */
  readonly from: Date;
  readonly to: Date;
  /** Ends the active incident. */
  readonly end: () => Promise<void>;
};

type Options = {
  readonly stack: Pick<GamedayStack, 'control' | 'prometheus'>;
  /** The duration of one hour of the rules, in real milliseconds. */
  readonly hourMs: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
};

/** The alert of the active incident. */
const alert = 'ALERTS{alertname="RagCitationRate",alertstate="firing",severity="critical"}';
const timeoutMs = 240_000;

/** Resolves some time after the second incident's alert fires. @throws {Error} if it does not fire */
export async function runIncidents({ stack, hourMs, log, signal }: Options): Promise<Incidents> {
  const wait = (ms: number) => pause(ms, undefined, { signal });
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
  const control: ControlClient = controlClient(stack.control);
  const from = new Date();
  const [before, slowFor, between, after] = [hourMs / 4, hourMs / 3, hourMs * 0.6, hourMs / 6];
  log(`No incident for ${seconds(before)}.`);
  await wait(before);
  log(`The model is slow for ${seconds(slowFor)}, followed by ${seconds(between)} without incident.`);
  const slow = await control.start('slow-model');
  await wait(slowFor);
  await slow.recover();
  await wait(between);
  log('The model stops citing sources. Waiting for the alert.');
  const citations = await control.start('citation-drop');
  await alertFires(stack.prometheus, wait);
  log(`The alert fires. Taking pictures in ${seconds(after)}.`);
  await wait(after);
  return {
    from,
    to: new Date(),
    async end() {
      await citations.recover();
    },
  };
}

async function alertFires(prometheus: string, wait: (ms: number) => Promise<void>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const response = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query: alert })}`);
    const { data } = (await response.json()) as { data?: { result: unknown[] } };
    if ((data?.result.length ?? 0) > 0) return;
    if (performance.now() > deadline) throw new Error(`the alert did not fire: ${alert}`);
    await wait(500);
  }
}
