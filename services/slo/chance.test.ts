import { expect, test } from 'vitest';
import { amount, badEvent, deviationsFor, guardAgainstChance, normalDeviate, normalTail } from './chance.ts';

test('the normal tail and its inverse match published tables', () => {
  expect(normalTail(0)).toBeCloseTo(0.5, 7);
  expect(normalTail(1.959964)).toBeCloseTo(0.025, 7);
  expect(normalTail(-1.644854)).toBeCloseTo(0.95, 7);
  expect(normalTail(4.753424) / 1e-6).toBeCloseTo(1, 3);
  expect(normalDeviate(0.05)).toBeCloseTo(1.644854, 5);
});

test.each([
  ['citations', 0.3, 0.35],
  ['citations, critical', 0.3, 0.4],
  ['slow answers', 0.02212, 0.05],
  ['errors', 0.001, 0.01],
  ['errors, critical', 0.001, 0.05],
])(
  'the guard on %s stays within its false-alert rate at every volume, by the exact binomial tail',
  (_, share, limit) => {
    const alpha = 0.0025 / 6;
    const window = 3_600;
    const guard = guardAgainstChance(badEvent(share), limit, window, alpha);
    const u = deviationsFor(alpha, window);
    const accepted = alpha / (1 + 24 * u * u);
    for (const events of [7, 10, 20, 50, 100, 300, 1_000, 3_000, 10_000]) {
      const least = guard.perEvent * events + guard.perRoot * Math.sqrt(events) + guard.constant;
      const firesAt = Math.max(7, Math.floor(least) + 1, Math.floor(limit * events) + 1);
      // The discrete tail has steps and the skew correction is only a first term, so 50% more is accepted.
      expect(binomialTail(events, share, firesAt), `${events} events`).toBeLessThan(accepted * 1.5);
    }
  },
);

test('from the sufficient number of events on, the threshold is always beyond the guard', () => {
  const limit = 0.35;
  const { perEvent, perRoot, constant, sufficientEvents: n } = guardAgainstChance(badEvent(0.3), limit, 3_600, 0.0025);
  const room = (events: number) => limit * events - (perEvent * events + perRoot * Math.sqrt(events) + constant);
  expect(room(n)).toBeGreaterThanOrEqual(0);
  expect(room(n - 1)).toBeLessThan(0);
});

test('exponentially distributed amounts stay within the guard, by the exact tail of their sum', () => {
  const alpha = 0.0025 / 6;
  const guard = guardAgainstChance(amount(3, 1), 3.5, 3_600, alpha);
  const u = deviationsFor(alpha, 3_600);
  for (const events of [10, 30, 100, 300, 1_000]) {
    const least = (3 * events + guard.perRoot * Math.sqrt(events) + guard.constant) / 3;
    // The sum of n exponential values exceeds x where a Poisson process of mean x has fewer than n events.
    const tail = poissonBelow(events, least);
    expect(tail, `${events} events`).toBeLessThan((alpha / (1 + 24 * u * u)) * 1.5);
  }
});

/** P(X ≥ least), summed term by term. */
function binomialTail(events: number, share: number, least: number): number {
  let logTerm = 0;
  for (let k = 1; k <= least; k += 1) logTerm += Math.log(((events - k + 1) / k) * share);
  let term = Math.exp(logTerm + (events - least) * Math.log1p(-share));
  if (least > events) return 0;
  let sum = 0;
  for (let k = least; k <= events && term > 1e-300; k += 1) {
    sum += term;
    term *= ((events - k) / (k + 1)) * (share / (1 - share));
  }
  return sum;
}

/** P(X < least). */
function poissonBelow(least: number, mean: number): number {
  let logTerm = -mean;
  let sum = 0;
  for (let k = 0; k < least; k += 1) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(mean / (k + 1));
  }
  return sum;
}
