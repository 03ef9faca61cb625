import { expect, test } from 'vitest';
import type { Results } from './results.ts';
import { changedByChance, smallestDifference } from './smallest-difference.ts';

const results = (correct: readonly number[]): Results => ({
  format: 'rag-observatory-evaluation-1',
  service: 'service',
  set: 'set.jsonl',
  at: '2026-11-30T00:00:00Z',
  scoreVersions: {},
  questions: correct.map((value, index) => ({ id: String(index), failure: null, values: { correct: value } })),
});

test('a larger set shows a smaller loss, and answers that vary by chance hide a larger one', () => {
  expect(smallestDifference(200, 0)).toBeCloseTo(0.034, 3);
  expect(smallestDifference(200, 0.04)).toBeCloseTo(0.057, 3);
  expect(smallestDifference(1_000, 0.04)).toBeLessThan(0.025);
  expect(smallestDifference(3, 0)).toBe(1);
  expect(smallestDifference(0, 0)).toBe(1);
});

test('what changed in both directions changed by chance', () => {
  expect(changedByChance(results([1, 1, 1, 0]), results([0, 0, 1, 1]))).toEqual({ questions: 4, changed: 0.5 });
  expect(changedByChance(results([1, 1, 1, 1]), results([0, 0, 1, 1]))).toEqual({ questions: 4, changed: 0 });
  expect(changedByChance(results([]), results([]))).toEqual({ questions: 0, changed: 0 });
});
