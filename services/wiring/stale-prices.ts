/** Logs a warning at startup when prices are older than the limit; the alert follows a day later. */
import type { Log } from '../logging/log.ts';
import { limits } from '../slo/limits.ts';

const dayMs = 24 * 3_600_000;

/** @param prices by file, the day of its last update */
export function warnAboutStalePrices(prices: Readonly<Record<string, Date>>, now: Date, log: Pick<Log, 'warn'>): void {
  for (const [file, asOf] of Object.entries(prices)) {
    const days = Math.floor((now.getTime() - asOf.getTime()) / dayMs);
    if (days > limits.pricesAgeDays)
      log.warn({ file, days }, 'prices may be out of date; see docs/runbooks/RagPricesOutOfDate.md');
  }
}
