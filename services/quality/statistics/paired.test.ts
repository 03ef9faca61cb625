import { expect, test } from 'vitest';
import { comparePaired, holm } from './paired.ts';

test('equal runs have a chance of 1 and an interval of no width', () => {
  const pairs = [[1, 1] as const, [0, 0] as const];
  expect(comparePaired(pairs, { direction: 'higher' })).toEqual({
    difference: 0,
    low: 0,
    high: 0,
    pairs: 2,
    worseByChance: 1,
    betterByChance: 1,
  });
  expect(comparePaired([], { direction: 'higher' })).toBeNull();
});

test('three changed answers of 400 can be chance, ten cannot', () => {
  const changed = (count: number) =>
    comparePaired(
      Array.from({ length: 400 }, (_, index) => [1, index < count ? 0 : 1] as const),
      { direction: 'higher' },
    );
  // All of three signs alike: 1 in 8.
  expect(changed(3)?.worseByChance).toBe(1 / 8);
  expect(changed(10)?.worseByChance).toBe(1 / 1_024);
  expect(changed(100)?.worseByChance).toBeLessThan(0.001);
  expect(changed(10)?.difference).toBeCloseTo(-0.025);
});

test('a change within the tolerance is no regression, one beyond it is', () => {
  const slower = (by: number) =>
    comparePaired(
      Array.from({ length: 50 }, (_, index) => [1 + (index % 5) / 10, 1 + (index % 5) / 10 + by] as const),
      { direction: 'lower', tolerance: 0.25 },
    );
  expect(slower(0.2)?.worseByChance).toBe(1);
  expect(slower(0.3)?.worseByChance).toBeLessThan(0.001);
});

test('the decision over several measures keeps the accepted rate of false alarms', () => {
  expect(holm([0.04, 0.2, 0.3], 0.05)).toEqual([false, false, false]);
  expect(holm([0.01, 0.02, 0.3], 0.05)).toEqual([true, true, false]);
  expect(holm([], 0.05)).toEqual([]);
});
