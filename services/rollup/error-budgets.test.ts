import { expect, test } from 'vitest';
import { objectives } from '../slo/objectives.ts';
import { type CountedDay, errorBudgetsFromDays } from './error-budgets.ts';
import { packLatencies } from './latency-histogram.ts';

/** Latencies in milliseconds, each as often as told. */
function latencies(counts: Readonly<Record<number, number>>): Uint8Array | null {
  const bucket = (ms: number) => String(Math.ceil(Math.log(ms) / Math.log(1.02)));
  return packLatencies(Object.fromEntries(Object.entries(counts).map(([ms, count]) => [bucket(Number(ms)), count])));
}

const quiet = { citationRate: null, totalQueries: 0, failedQueries: 0, noAnswerCount: 0, latencyHistogram: null };
const long: CountedDay = {
  date: '2026-02-20',
  citationRate: 50,
  totalQueries: 1_010,
  noAnswerCount: 10,
  failedQueries: 3,
  latencyHistogram: latencies({ 500: 900, 2000: 100, 3500: 10 }),
};
const yesterday: CountedDay = {
  date: '2026-03-06',
  citationRate: 91,
  totalQueries: 1_100,
  noAnswerCount: 100,
  failedQueries: 0,
  latencyHistogram: latencies({ 500: 1_100 }),
};
const today: CountedDay = { ...quiet, date: '2026-03-07' };
const of = (budgets: ReturnType<typeof errorBudgetsFromDays>, key: string) => budgets.find((each) => each.key === key);

test('the budget of thirty days is spent by what was bad, and lasts as long as the last seven days let it', () => {
  const budgets = errorBudgetsFromDays([long, yesterday], today);
  // 500 of 1,000 and 90 of 1,000 without a citation, where 30 in 100 may be.
  const cited = of(budgets, 'citationRate');
  expect(cited?.left).toBeCloseTo(1 - 590 / 2_000 / 0.3, 9);
  expect(cited?.burns).toEqual([
    { over: 'today', rate: null },
    { over: '7d', rate: expect.closeTo(0.09 / 0.3, 9) },
  ]);
  expect(cited?.lastsSeconds).toBeCloseTo(((1 - 590 / 2_000 / 0.3) * 30 * 86_400) / 0.3, 3);
  const errors = of(budgets, 'errorRate');
  expect(errors?.left).toBeCloseTo(1 - 3 / 2_113 / objectives.errorRate.promise, 9);
  expect(errors).toMatchObject({ burns: [{ rate: null }, { rate: 0 }], lastsSeconds: null });
  expect(of(budgets, 'latencyP95')?.left).toBeCloseTo(1 - 10 / 2_110 / 0.05, 9);
  expect(of(budgets, 'latencyP50')?.left).toBeCloseTo(1 - 110 / 2_110 / 0.5, 9);
});

test('without events nothing is left and nothing is spent: it is not known; a mean has no budget at all', () => {
  const budgets = errorBudgetsFromDays([], today);
  expect(of(budgets, 'errorRate')).toMatchObject({ allowed: 0.001, left: null, lastsSeconds: null });
  expect(of(budgets, 'relevance')).toEqual({
    key: 'relevance',
    allowed: null,
    left: null,
    burns: [],
    lastsSeconds: null,
  });
});

test('a budget that is overspent is below zero, and lasts no time', () => {
  const bad = { ...today, totalQueries: 97, failedQueries: 3, citationRate: 100 };
  expect(of(errorBudgetsFromDays([], bad), 'errorRate')).toMatchObject({
    left: expect.closeTo(-29, 9),
    burns: [{ rate: expect.closeTo(30, 9) }, { rate: expect.closeTo(30, 9) }],
    lastsSeconds: 0,
  });
});
