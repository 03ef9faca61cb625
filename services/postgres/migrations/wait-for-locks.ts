/** Tries a migration again while a lock that it needs is held by others, so that nobody queues behind it for long. */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

type Patience = {
  /** How long to go on trying. Milliseconds. */
  readonly patienceMs: number;
  readonly say: (line: string) => void;
};

/** Whoever comes after a waiting migration waits as long as it does. */
const shortWait = '500ms';
/**
 * A vacuum of the system's own gives way to somebody who has waited for `deadlock_timeout`, which is a second unless set
 * otherwise, and never to shorter waits, however many.
 */
const longWait = '1500ms';
const longestPauseMs = 10_000;

/** @throws what `attempt` throws: anything else than a lock at once, and a lock after `patienceMs` */
export async function waitForLocks<T>(
  client: pg.Client,
  attempt: () => Promise<T>,
  { patienceMs, say }: Patience,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let attempts = 1; ; attempts += 1) {
    await client.query(`set lock_timeout = '${attempts % 3 === 0 ? longWait : shortWait}'`);
    try {
      return await attempt();
    } catch (error) {
      if (!isLockFailure(error) || performance.now() > giveUpAt) throw error;
      if (attempts === 1)
        say('A table that a migration changes is in use. Trying again until it is free for a moment.');
    }
    await pause(Math.min(longestPauseMs, 100 * 2 ** Math.min(attempts, 10)) * (0.5 + Math.random() / 2));
  }
}

/** lock_not_available or deadlock_detected, in the error or what it was caused by. */
export function isLockFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === '55P03' || code === '40P01' || isLockFailure(error.cause);
}
