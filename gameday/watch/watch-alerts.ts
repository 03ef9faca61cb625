/** Looks at a stack's alerts again and again, until something is so. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Told } from '../control/control-protocol.ts';
import { readAlertmanager, readPrometheus } from './read-alerts.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export type Watch = {
  readonly timeline: Timeline;
  /**
   * @param tick called after each look
   * @returns false when the time is over or `signal` was aborted before it was so
   * @throws {Error} where Prometheus or Alertmanager is away for long
   */
  readonly until: (
    isSo: (timeline: Timeline) => boolean,
    given: { readonly withinMs: number; readonly signal: AbortSignal; readonly tick: () => void },
  ) => Promise<boolean>;
};

/** A busy machine may miss some looks in a row. */
const awayMs = 20_000;

type Given = {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** What arrived at the webhooks; null: they are not ours. */
  readonly told: (() => Promise<readonly Told[]>) | null;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Looks once before it returns: what fires then has fired before. */
export async function watchAlerts({ prometheus, alertmanager, told, everyMs, now }: Given): Promise<Watch> {
  const timeline = createTimeline({ since: now(), byWebhook: told !== null });
  let sawAt = now();

  async function look(): Promise<void> {
    const [listed, held, arrived] = await Promise.all([
      readPrometheus(prometheus),
      readAlertmanager(alertmanager),
      told === null ? [] : told(),
    ]);
    sawAt = now();
    timeline.prometheus(sawAt, listed);
    timeline.alertmanager(sawAt, held);
    timeline.told(arrived);
  }

  await look();
  return {
    timeline,
    async until(isSo, { withinMs, signal, tick }) {
      const giveUpAt = now() + withinMs;
      for (;;) {
        await look().catch((error) => {
          if (now() - sawAt > awayMs) throw error;
        });
        tick();
        if (isSo(timeline)) return true;
        if (signal.aborted || now() > giveUpAt) return false;
        await pause(everyMs, undefined, { signal }).catch(() => {});
      }
    },
  };
}
