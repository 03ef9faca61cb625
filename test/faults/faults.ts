/** The faults that the test injects during traffic. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatProcess } from './chat-process.ts';
import type { KillablePostgres } from './killable-postgres.ts';
import type { Network } from './network.ts';
import type { Random } from './seeded-random.ts';

export type Parts = { readonly chat: ChatProcess; readonly postgres: KillablePostgres; readonly network: Network };
/** Resolves when the fault is over. */
type Fault = (parts: Parts, random: Random) => Promise<void>;

const failoverMs = 10_000;

export const faults: Readonly<Record<string, { readonly share: number; readonly inject: Fault }>> = {
  'kill -9 the chat server': {
    share: 8,
    async inject({ chat }) {
      await chat.kill();
      await chat.start();
    },
  },
  'kill -9 PostgreSQL, all its processes': {
    share: 8,
    async inject({ postgres }, random) {
      postgres.kill();
      await pause(random.between(0, 900));
      await postgres.start();
    },
  },
  'cut every connection': {
    share: 9,
    async inject({ network }, random) {
      network.cut();
      await pause(random.between(0, 1_500));
      network.restore();
    },
  },
  'lose the reply to a commit': {
    share: 12,
    async inject({ network }) {
      if (!(await network.loseReplyTo('insert-turns', 10_000))) throw new Error('no commit within ten seconds');
    },
  },
  'stall the network': {
    share: 5,
    async inject({ network }, random) {
      network.stall();
      await pause(random.between(500, 7_000));
      network.restore();
    },
  },
  "end the recorder's backend": {
    share: 10,
    async inject({ postgres }) {
      await postgres.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rag-recorder'`,
      );
    },
  },
  'failover: ten seconds without a database': {
    share: 2,
    async inject({ network, postgres }) {
      const startedAt = performance.now();
      network.cut();
      postgres.kill();
      await postgres.start();
      await pause(Math.max(0, failoverMs - (performance.now() - startedAt)));
      network.restore();
    },
  },
};

/** @returns names of faults in an order from the seed, each as often as its share and at least once */
export function drawFaults(number: number, random: Random): readonly string[] {
  const bag = Object.entries(faults).flatMap(([name, { share }]) => Array<string>(share).fill(name));
  const drawn = [...Object.keys(faults)];
  while (drawn.length < number) drawn.push(...random.shuffled(bag).slice(0, number - drawn.length));
  return random.shuffled(drawn);
}
