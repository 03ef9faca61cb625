/** Prices that are older than the limit: those of the operator are logged at startup and raise an alert, shipped ones are a hint. */
import type { Log } from '../logging/log.ts';
import { limits } from '../slo/limits.ts';

const dayMs = 24 * 3_600_000;

/** @param prices of the operator, by file: the day of its last update. The age of shipped ones is no fault of an installation */
export function warnAboutStalePrices(prices: Readonly<Record<string, Date>>, now: Date, log: Pick<Log, 'warn'>): void {
  for (const [file, asOf] of Object.entries(prices)) {
    const days = Math.floor((now.getTime() - asOf.getTime()) / dayMs);
    if (days > limits.pricesAgeDays)
      log.warn({ file, days }, 'prices may be out of date; see docs/runbooks/RagPricesOutOfDate.md');
  }
}

/** @returns the day in Asia/Tokyo, YYYY-MM-DD, of the oldest of these prices that are older than the limit; null: none is */
export function oldestStalePrices(prices: Readonly<Record<string, Date>>, now: Date): string | null {
  const stale = Object.values(prices).filter((asOf) => now.getTime() - asOf.getTime() > limits.pricesAgeDays * dayMs);
  const [oldest] = stale.toSorted((a, b) => a.getTime() - b.getTime());
  return oldest === undefined ? null : new Date(oldest.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
}
