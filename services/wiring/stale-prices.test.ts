import { expect, test } from 'vitest';
import { oldestStalePrices, warnAboutStalePrices } from './stale-prices.ts';

test('prices older than 180 days are logged at startup', () => {
  const lines: unknown[] = [];
  const prices = { 'price book': new Date('2025-11-14T00:00:00+09:00'), 'exchange rates': new Date('2026-05-01') };
  warnAboutStalePrices(prices, new Date('2026-05-14T00:00:00+09:00'), {
    warn: (...line: unknown[]) => void lines.push(line),
  });
  expect(lines).toEqual([[{ file: 'price book', days: 181 }, expect.stringContaining('out of date')]]);
});

test('the page is given the day of the oldest prices beyond the limit', () => {
  const now = new Date('2026-05-14T00:00:00+09:00');
  const fresh = { 'price book': new Date('2026-05-01T00:00:00+09:00') };
  expect(oldestStalePrices(fresh, now)).toBeNull();
  expect(oldestStalePrices({ ...fresh, 'exchange rates': new Date('2025-01-01T00:00:00+09:00') }, now)).toBe(
    '2025-01-01',
  );
});
