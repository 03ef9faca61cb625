import { expect, test } from 'vitest';
import { warnAboutStalePrices } from './stale-prices.ts';

test('prices older than 180 days are logged at startup', () => {
  const lines: unknown[] = [];
  const prices = { 'price book': new Date('2025-11-14T00:00:00+09:00'), 'exchange rates': new Date('2026-05-01') };
  warnAboutStalePrices(prices, new Date('2026-05-14T00:00:00+09:00'), {
    warn: (...line: unknown[]) => void lines.push(line),
  });
  expect(lines).toEqual([[{ file: 'price book', days: 181 }, expect.stringContaining('out of date')]]);
});
