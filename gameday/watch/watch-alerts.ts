/** Polls a stack's alerts until a condition holds. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ReceivedAlert } from '../control/control-protocol.ts';
import { readAlertmanager, readPrometheus } from './read-alerts.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export type Watch = {
  readonly timeline: Timeline;
  /**
   * @param onPoll called after each poll
   * @returns false when `withinMs` has passed or `signal` is aborted first
   * @throws {Error} where Prometheus or Alertmanager is unreachable for longer than 20 s
   */
  readonly until: (
    condition: (timeline: Timeline) => boolean,
    options: { readonly withinMs: number; readonly signal: AbortSignal; readonly onPoll: () => void },
  ) => Promise<boolean>;
};

/** On a busy machine several polls in a row may fail. */
const unreachableMs = 20_000;

type Options = {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** What the webhooks received; null: they are not ours. */
  readonly receivedAlerts: (() => Promise<readonly ReceivedAlert[]>) | null;
  /** Milliseconds between two polls. */
  readonly everyMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Polls once before it returns: what fires then was firing before. */
export async function watchAlerts({ prometheus, alertmanager, receivedAlerts, everyMs, now }: Options): Promise<Watch> {
  const timeline = createTimeline({ since: now(), byWebhook: receivedAlerts !== null });
  let polledAt = now();

  async function poll(): Promise<void> {
    const [listed, held, received] = await Promise.all([
      readPrometheus(prometheus).catch(unreachable('Prometheus')),
      readAlertmanager(alertmanager).catch(unreachable('Alertmanager')),
      receivedAlerts === null ? [] : receivedAlerts(),
    ]);
    polledAt = now();
    timeline.prometheus(polledAt, listed);
    timeline.alertmanager(polledAt, held);
    timeline.webhook(received);
  }

  await poll();
  return {
    timeline,
    async until(condition, { withinMs, signal, onPoll }) {
      const deadline = now() + withinMs;
      for (;;) {
        await poll().catch((error) => {
          if (now() - polledAt > unreachableMs) throw error;
        });
        onPoll();
        if (condition(timeline)) return true;
        if (signal.aborted || now() > deadline) return false;
        await pause(everyMs, undefined, { signal }).catch(() => {});
      }
    },
  };
}

function unreachable(name: string): (error: Error) => never {
  return (error) => {
    throw new Error(`${name} does not reply (${error.message})`, { cause: error });
  };
}
