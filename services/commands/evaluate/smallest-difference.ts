/** How small a loss a set of questions can show. */
import { type Results, valuesOf } from './results.ts';

/** (z of 4 in 100 false alarms + z of 8 in 10 detected losses), squared. */
const strictness = (1.751 + 0.842) ** 2;

/**
 * The loss of correct outcomes, as a share of the questions, that is detected in 8 of 10 runs. Answers that change by chance between two
 * runs hide a loss.
 *
 * @param changed share of the questions whose outcome changes by chance between two runs
 * @returns 1 for a set that is too small to show any loss
 */
export function smallestDifference(questions: number, changed: number): number {
  if (questions === 0) return 1;
  const lost = (strictness + Math.sqrt(strictness ** 2 + 4 * strictness * questions * changed)) / 2;
  return Math.min(1, lost / questions);
}

/** A real change has one direction, so the rarer direction, twice, is what changes by chance. */
export function changedByChance(baseline: Results, candidate: Results): { questions: number; changed: number } {
  const before = valuesOf(baseline, 'correct');
  const pairs = [...valuesOf(candidate, 'correct')].flatMap(([id, now]) => {
    const then = before.get(id);
    return then === undefined ? [] : [now - then];
  });
  const better = pairs.filter((each) => each > 0).length;
  const worse = pairs.filter((each) => each < 0).length;
  return { questions: pairs.length, changed: pairs.length === 0 ? 0 : (2 * Math.min(better, worse)) / pairs.length };
}
