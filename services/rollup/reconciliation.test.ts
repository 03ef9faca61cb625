import { expect, test } from 'vitest';
import { differences, type Reconciliation } from './reconciliation.ts';

const day: Reconciliation = {
  day: '2026-03-05',
  counted: { answers: 103, failures: 5, cost: 211.300001 },
  stored: { answers: 101, failures: 7, cost: 211.1 },
  erasedAnswers: 0,
  unwatchedSeconds: 0,
};

test('the difference is counted minus stored, to a millionth of a yen', () => {
  expect(differences(day)).toEqual({ answers: 2, failures: -2, cost: 0.200001 });
});

test('erased answers are not reported as missing, and their cost is unknown', () => {
  expect(differences({ ...day, erasedAnswers: 1 })).toEqual({ answers: 1, failures: -2, cost: null });
  expect(differences({ ...day, erasedAnswers: 40 }).answers).toBe(0);
});

test('an erasure does not explain answers that Prometheus did not count', () => {
  const counted = { ...day.stored, answers: 90 };
  expect(differences({ ...day, counted, erasedAnswers: 40 }).answers).toBe(-11);
});

test('a day that Prometheus did not scrape has no difference', () => {
  expect(differences({ ...day, counted: null })).toEqual({ answers: null, failures: null, cost: null });
});
