/** Scrapes a chat server's metrics repeatedly, and checks that `received = stored + rejected + pending`. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatProcess } from './chat-process.ts';

export type RecordCounters = {
  readonly received: number;
  readonly stored: number;
  readonly rejected: number;
  readonly pending: number;
};
type BalanceWatch = {
  readonly scrapes: () => number;
  readonly maxPending: () => number;
  /** Peak resident memory in bytes. */
  readonly peakMemory: () => number;
  /** Scrapes at which the counters did not balance. */
  readonly wrong: readonly string[];
  readonly stop: () => Promise<void>;
};

const everyMs = 100;

export function watchRecordBalance(chat: ChatProcess): BalanceWatch {
  const wrong: string[] = [];
  let scrapes = 0;
  let maxPending = 0;
  let peakMemory = 0;
  let stopped = false;

  async function poll(): Promise<void> {
    while (!stopped) {
      if (chat.isUp()) {
        const life = chat.life();
        const text = await scrape(chat.metricsUrl);
        if (text !== null) check(text, life);
      }
      await pause(everyMs);
    }
  }

  function check(text: string, life: number): void {
    const balance = readCounters(text);
    scrapes += 1;
    maxPending = Math.max(maxPending, balance.pending);
    peakMemory = Math.max(peakMemory, chat.memory());
    if (balance.received !== balance.stored + balance.rejected + balance.pending) {
      wrong.push(`life ${life}: ${JSON.stringify(balance)}`);
    }
  }

  const looking = poll();
  return {
    scrapes: () => scrapes,
    maxPending: () => maxPending,
    peakMemory: () => peakMemory,
    wrong,
    async stop() {
      stopped = true;
      await looking;
    },
  };
}

/** @returns null where the server was killed */
async function scrape(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return await response.text();
  } catch {
    return null;
  }
}

function readCounters(text: string): RecordCounters {
  const state = (name: string) =>
    present(sample(text, new RegExp(`^rag_records_total\\{[^}]*state="${name}"[^}]*\\} (\\S+)`, 'm')), name);
  return {
    received: state('received'),
    stored: state('stored'),
    rejected: state('rejected'),
    pending: present(sample(text, /^rag_records_pending\S* (\S+)/m), 'pending'),
  };
}

function sample(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function present(value: number | null, name: string): number {
  if (value === null) throw new Error(`the metrics do not contain the number of ${name} records`);
  return value;
}
