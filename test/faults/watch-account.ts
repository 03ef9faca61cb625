/** Scrapes a chat server's metrics again and again, and holds it to `received = stored + rejected + pending`. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatProcess } from './chat-process.ts';

export type Account = {
  readonly received: number;
  readonly stored: number;
  readonly rejected: number;
  readonly pending: number;
};
type AccountWatch = {
  readonly scrapes: () => number;
  readonly mostPending: () => number;
  /** Resident memory at its highest. Bytes. */
  readonly mostMemory: () => number;
  /** The accounts that did not add up. */
  readonly wrong: readonly string[];
  readonly stop: () => Promise<void>;
};

const everyMs = 100;

export function watchAccount(chat: ChatProcess): AccountWatch {
  const wrong: string[] = [];
  let scrapes = 0;
  let mostPending = 0;
  let mostMemory = 0;
  let stopped = false;

  async function look(): Promise<void> {
    while (!stopped) {
      if (chat.isUp()) {
        const life = chat.life();
        const text = await scrape(chat.metricsUrl);
        if (text !== null) judge(text, life);
      }
      await pause(everyMs);
    }
  }

  function judge(text: string, life: number): void {
    const account = readAccount(text);
    scrapes += 1;
    mostPending = Math.max(mostPending, account.pending);
    mostMemory = Math.max(mostMemory, chat.memory());
    if (account.received !== account.stored + account.rejected + account.pending) {
      wrong.push(`life ${life}: ${JSON.stringify(account)}`);
    }
  }

  const looking = look();
  return {
    scrapes: () => scrapes,
    mostPending: () => mostPending,
    mostMemory: () => mostMemory,
    wrong,
    async stop() {
      stopped = true;
      await looking;
    },
  };
}

/** @returns null where the server was killed meanwhile */
async function scrape(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return await response.text();
  } catch {
    return null;
  }
}

function readAccount(text: string): Account {
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
  if (value === null) throw new Error(`the metrics do not tell how many records are ${name}`);
  return value;
}
