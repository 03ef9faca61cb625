/** Compares two runs over the same questions: how much worse the second is, and whether that can be chance. */
import { createRandom, quantileOf } from './random.ts';

export type PairedComparison = {
  /** Mean of the candidate minus the mean of the baseline, over the pairs. */
  readonly difference: number;
  /** Bounds of the 95 % interval of the difference, by the paired bootstrap. */
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
  /** The chance of a change for the worse at least this large if nothing beyond `tolerance` had changed. */
  readonly worseByChance: number;
  /** The same for a change for the better. */
  readonly betterByChance: number;
};

const resamples = 2_000;

/**
 * The interval resamples the differences. The chance comes from the sign-flip test: without a change, either run may have the better
 * result of a pair. It is exact for few pairs, where a bootstrap declares three changed answers of 400 significant.
 *
 * @param pairs [baseline, candidate]
 * @param direction which values are better
 * @param tolerance a change for the worse up to this size is accepted
 * @returns null without pairs
 */
export function comparePaired(
  pairs: readonly (readonly [baseline: number, candidate: number])[],
  { direction, tolerance = 0 }: { readonly direction: 'higher' | 'lower'; readonly tolerance?: number },
): PairedComparison | null {
  if (pairs.length === 0) return null;
  const differences = Float64Array.from(pairs, ([baseline, candidate]) => candidate - baseline);
  const random = createRandom(pairs.length);
  const means = new Float64Array(resamples);
  for (let round = 0; round < resamples; round += 1) {
    let sum = 0;
    for (let index = 0; index < differences.length; index += 1) {
      sum += differences[Math.floor(random() * differences.length)] ?? 0;
    }
    means[round] = sum / differences.length;
  }
  means.sort();
  // Positive: the candidate is worse by more than the tolerance.
  const worse = differences.map((each) => (direction === 'higher' ? -each : each));
  const better = worse.map((each) => -each);
  return {
    difference: sumOf(differences) / differences.length,
    low: quantileOf(means, 0.025),
    high: quantileOf(means, 0.975),
    pairs: pairs.length,
    worseByChance: chanceOf(
      worse.map((each) => each - tolerance),
      random,
    ),
    betterByChance: chanceOf(
      better.map((each) => each - tolerance),
      random,
    ),
  };
}

/** The share of random signs for which the sum is at least as large: with ties counted, so equal runs have a chance of 1. */
function chanceOf(differences: Float64Array, random: () => number): number {
  const changed = differences.filter((each) => each !== 0);
  const observed = sumOf(changed);
  if (changed.length === 0) return 1;
  if (changed.length <= 12) return exactChance(changed, observed);
  let reached = 1;
  for (let round = 0; round < resamples; round += 1) {
    let sum = 0;
    let signs = 0;
    for (let index = 0; index < changed.length; index += 1) {
      // One random number has signs for 24 differences.
      signs = index % 24 === 0 ? Math.floor(random() * 2 ** 24) : signs >> 1;
      const each = changed[index] ?? 0;
      sum += signs & 1 ? each : -each;
    }
    if (sum >= observed - rounding) reached += 1;
  }
  return reached / (resamples + 1);
}

/** Sums of the same numbers in another order differ by this much at most. */
const rounding = 1e-9;

function exactChance(changed: Float64Array, observed: number): number {
  const all = 2 ** changed.length;
  let reached = 0;
  for (let signs = 0; signs < all; signs += 1) {
    let sum = 0;
    for (const [index, each] of changed.entries()) sum += (signs >> index) & 1 ? each : -each;
    if (sum >= observed - rounding) reached += 1;
  }
  return reached / all;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Holm's method: which hypotheses are rejected so that the chance of any false rejection is at most `alpha`. */
export function holm(chances: readonly number[], alpha: number): readonly boolean[] {
  const order = chances.map((chance, index) => ({ chance, index })).sort((a, b) => a.chance - b.chance);
  const rejected = chances.map(() => false);
  for (const [rank, { chance, index }] of order.entries()) {
    if (chance > alpha / (chances.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}
