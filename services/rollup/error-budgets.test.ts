import { expect, test } from 'vitest';
import { objectives } from '../../test/kit/slo/specification.ts';
import { type CountedDay, errorBudgetsFromDays } from './error-budgets.ts';
import { packLatencies } from './latency-histogram.ts';

/** Packs latencies in milliseconds by their count. */
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

test('bad events spend the budget of thirty days, and the pace of the last seven days predicts its exhaustion', () => {
  const budgets = errorBudgetsFromDays([long, yesterday], today);
  // 500 of 1,000 and 90 of 1,000 without a citation, where 30 % are allowed.
  const cited = of(budgets, 'citationRate');
  expect(cited?.remaining).toBeCloseTo(1 - 590 / 2_000 / 0.3, 9);
  expect(cited?.burnRates).toEqual([
    { window: 'today', rate: null },
    { window: '7d', rate: expect.closeTo(0.09 / 0.3, 9) },
  ]);
  expect(cited?.exhaustedInSeconds).toBeCloseTo(((1 - 590 / 2_000 / 0.3) * 30 * 86_400) / 0.3, 3);
  const errors = of(budgets, 'errorRate');
  expect(errors?.remaining).toBeCloseTo(1 - 3 / 2_113 / objectives.errorRate.target, 9);
  expect(errors).toMatchObject({ burnRates: [{ rate: null }, { rate: 0 }], exhaustedInSeconds: null });
  expect(of(budgets, 'latencyP95')?.remaining).toBeCloseTo(1 - 10 / 2_110 / 0.05, 9);
  expect(of(budgets, 'latencyP50')?.remaining).toBeCloseTo(1 - 110 / 2_110 / 0.5, 9);
});

test('without events the budget is unknown, and a mean has no budget', () => {
  const budgets = errorBudgetsFromDays([], today);
  expect(of(budgets, 'errorRate')).toMatchObject({ budget: 0.001, remaining: null, exhaustedInSeconds: null });
  expect(of(budgets, 'relevance')).toEqual({
    key: 'relevance',
    budget: null,
    remaining: null,
    burnRates: [],
    exhaustedInSeconds: null,
  });
});

test('an overspent budget is negative and lasts no time', () => {
  const bad = { ...today, totalQueries: 97, failedQueries: 3, citationRate: 100 };
  expect(of(errorBudgetsFromDays([], bad), 'errorRate')).toMatchObject({
    remaining: expect.closeTo(-29, 9),
    burnRates: [{ rate: expect.closeTo(30, 9) }, { rate: expect.closeTo(30, 9) }],
    exhaustedInSeconds: 0,
  });
});
