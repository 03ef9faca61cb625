/** The chat server's own view of the database, for alerts: what an exporter sees is not what questions find. */
import pTimeout from 'p-timeout';
import { metrics } from '../../catalogue/metrics.ts';
import { observed } from './instruments.ts';

const everyMs = 10_000;
const timeoutMs = 2_000;

/**
 * Asks in the background, so that a scrape never waits for the database.
 * @param isReachable must not throw
 * @returns stops asking
 */
export function watchDatabase(isReachable: () => Promise<boolean>): () => void {
  let state: boolean | null = null;
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const question = isReachable();
      state = await pTimeout(question, { milliseconds: timeoutMs, fallback: () => false });
      // A connection attempt that hangs is one question, not one more every ten seconds.
      await question;
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void ask(), everyMs).unref();
  void ask();
  observed(metrics.chatDatabaseUp, () => (state === null ? null : Number(state)));
  return () => clearInterval(timer);
}
