import { expect, test } from 'vitest';
import { objectives } from '../../test/kit/slo/specification.ts';
import { budgetRemaining, burnFactor, burnRate, errorBudget, isReachable, timeToExhaustion } from './error-budget.ts';

const day = 86_400;

test('the budget is the accepted share of bad events, and a mean has none', () => {
  expect(errorBudget(objectives.citationRate)).toBe(0.3);
  expect(errorBudget(objectives.errorRate)).toBe(0.001);
  expect(errorBudget(objectives.latencyP95)).toBe(0.05);
  expect(errorBudget(objectives.latencyP50)).toBe(0.5);
  expect(errorBudget(objectives.costPerAnswer)).toBeNull();
});

test('17 failures in 8,500 questions burn a budget of 0.1% at a rate of 2', () => {
  expect(burnRate({ bad: 17, events: 8_500, budget: 0.001 })).toBeCloseTo(2, 12);
  expect(budgetRemaining({ bad: 17, events: 8_500, budget: 0.001 })).toBeCloseTo(-1, 12);
  expect(budgetRemaining({ bad: 3, events: 10_000, budget: 0.001 })).toBeCloseTo(0.7, 12);
});

test('without events the budget is unknown, and zero failures are a value', () => {
  expect(burnRate({ bad: 0, events: 0, budget: 0.001 })).toBeNull();
  expect(budgetRemaining({ bad: 0, events: 0, budget: 0.001 })).toBeNull();
  expect(budgetRemaining({ bad: 0, events: 9, budget: 0.001 })).toBe(1);
});

test('70% of the budget lasts 10.5 days at a burn rate of 2, an overspent budget 0 s, an unused one forever', () => {
  expect(timeToExhaustion({ left: 0.7, burn: 2, period: 30 * day })).toBeCloseTo(10.5 * day, 6);
  expect(timeToExhaustion({ left: -0.2, burn: 2, period: 30 * day })).toBe(0);
  expect(timeToExhaustion({ left: 0.7, burn: 0, period: 30 * day })).toBeNull();
});

test('2% of the budget within an hour is a burn rate of 14.4, which a budget of 30% cannot reach', () => {
  const factor = burnFactor({ budgetShare: 0.02, period: 30 * day, window: 3_600 });
  expect(factor).toBe(14.4);
  expect(isReachable(factor, 0.001)).toBe(true);
  expect(isReachable(factor, 0.05)).toBe(true);
  expect(isReachable(factor, 0.3)).toBe(false);
  expect(isReachable(2, 0.5)).toBe(false);
});
