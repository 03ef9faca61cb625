import { expect, test } from 'vitest';
import { createRandom } from '../../quality/statistics/random.ts';
import { compareResults } from './compare-results.ts';
import { type MeasureKey, measureKeys } from './measures.ts';
import type { Results } from './results.ts';

const questions = 600;

/**
 * A service that answers three quarters of the questions correctly, each with its own difficulty, and whose answers vary from run
 * to run: two in a hundred change by chance.
 * @param worse share of the questions that this run additionally gets wrong
 */
function run(seed: number, worse: number): Results {
  const random = createRandom(seed);
  const difficulty = createRandom(99);
  return {
    format: 'rag-observatory-evaluation-1',
    service: 'service',
    set: 'set.jsonl',
    at: '2026-11-30T00:00:00Z',
    scoreVersions: {},
    questions: Array.from({ length: questions }, (_, index) => {
      const usually = difficulty() < 0.75;
      const varied = random() < 0.02 ? !usually : usually;
      const correct = Number(varied && random() >= worse / 0.75);
      const isAnswerable = index % 5 !== 0;
      const seconds = 0.4 + random() * 0.8;
      const values: Record<MeasureKey, number | null> = {
        correct,
        right: isAnswerable ? correct : null,
        retrieved: isAnswerable ? Number(correct === 1 || random() < 0.3) : null,
        answered: isAnswerable ? 1 : null,
        refused: isAnswerable ? null : correct,
        cited: Number(random() < 0.9),
        groundedness: index % 20 === 0 ? 0.9 : null,
        answer_relevance: correct === 1 ? 0.5 + random() / 2 : random() / 2,
        context_relevance: null,
        failed: Number(random() < 0.001),
        latency: seconds,
        cost: null,
      };
      return { id: String(index), failure: null, values };
    }),
  };
}

function isWorse(baseline: Results, candidate: Results): boolean {
  return compareResults(baseline, candidate).some(({ verdict }) => verdict === 'worse');
}

test('a service that became 5 points worse fails in at least 18 of 20 runs', () => {
  const failed = Array.from({ length: 20 }, (_, seed) => isWorse(run(seed + 1, 0), run(seed + 1_001, 0.05)));
  expect(failed.filter(Boolean).length).toBeGreaterThanOrEqual(18);
}, 120_000);

test('a service that did not change fails in at most 5 of 40 runs, though its answers vary', () => {
  const failed = Array.from({ length: 40 }, (_, seed) => isWorse(run(seed + 1, 0), run(seed + 1_001, 0)));
  // Five in a hundred are accepted; six or more of forty would have a chance of 1 %.
  expect(failed.filter(Boolean).length).toBeLessThanOrEqual(5);
}, 120_000);

test('a comparison covers the questions of both runs, and scores of one version only', () => {
  const baseline = { ...run(1, 0), scoreVersions: { groundedness: 'words-0' } };
  const candidate = { ...run(1, 0), questions: run(1, 0).questions.slice(0, 100) };
  const compared = compareResults(baseline, candidate);
  const kept = measureKeys.filter((key) => !['groundedness', 'context_relevance', 'cost'].includes(key));
  expect(compared.map(({ key }) => key)).toEqual(kept);
  expect(compared.find(({ key }) => key === 'correct')?.pairs).toBe(100);
  expect(compareResults(baseline, { ...candidate, questions: [] })).toEqual([]);
});
