/** Retries a migration with short lock timeouts, so that other sessions never queue behind it for long. */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

type Options = {
  /** How long to retry. Milliseconds. */
  readonly timeoutMs: number;
  readonly print: (line: string) => void;
};

/** Sessions behind a waiting migration wait as long as it does. */
const shortTimeout = '500ms';
/**
 * Autovacuum yields to a session that has waited for `deadlock_timeout`, one second by default, and never to shorter
 * waits.
 */
const longTimeout = '1500ms';
const maxPauseMs = 10_000;

/** @throws what `attempt` throws: lock failures after `timeoutMs`, other errors at once */
export async function waitForLocks<T>(
  client: pg.Client,
  attempt: () => Promise<T>,
  { timeoutMs, print }: Options,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (let attempts = 1; ; attempts += 1) {
    await client.query(`set lock_timeout = '${attempts % 3 === 0 ? longTimeout : shortTimeout}'`);
    try {
      return await attempt();
    } catch (error) {
      if (!isLockFailure(error) || performance.now() > giveUpAt) throw error;
      if (attempts === 1) print('A table that a migration changes is locked. Retrying until it is free.');
    }
    await pause(Math.min(maxPauseMs, 100 * 2 ** Math.min(attempts, 10)) * (0.5 + Math.random() / 2));
  }
}

/** Whether the error or one of its causes is lock_not_available or deadlock_detected. */
export function isLockFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === '55P03' || code === '40P01' || isLockFailure(error.cause);
}
