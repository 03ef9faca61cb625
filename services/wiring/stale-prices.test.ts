import { expect, test } from 'vitest';
import { warnAboutStalePrices } from './stale-prices.ts';

test('prices that nobody has looked at for more than 180 days are told in the log at the start', () => {
  const lines: unknown[] = [];
  const prices = { 'price book': new Date('2025-11-14T00:00:00+09:00'), 'exchange rates': new Date('2026-05-01') };
  warnAboutStalePrices(prices, new Date('2026-05-14T00:00:00+09:00'), {
    warn: (...line: unknown[]) => void lines.push(line),
  });
  expect(lines).toEqual([[{ file: 'price book', days: 181 }, expect.stringContaining('out of date')]]);
});
