/** How well a score separates right answers from wrong ones: the area under the ROC curve, with a bootstrap interval. */
import { createRandom, quantileOf } from './random.ts';

export type Labelled = {
  readonly score: number;
  /** Whether the answer is right. */
  readonly right: boolean;
};

export type Separation = {
  /** The chance that a right answer scores higher than a wrong one, ties by half: 1 is perfect, 0.5 is chance. */
  readonly auc: number;
  /** Bounds of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly right: number;
  readonly wrong: number;
};

/** With fewer answers of a class, the bootstrap knows too little of the class's spread: no figure is better than a wrong one. */
const fewest = 10;
const resamples = 2_000;

/** Null where a class has fewer than ten answers. */
export function separation(labelled: readonly Labelled[]): Separation | null {
  const right = labelled.filter((each) => each.right).map(({ score }) => score);
  const wrong = labelled.filter((each) => !each.right).map(({ score }) => score);
  if (right.length < fewest || wrong.length < fewest) return null;
  const levels = [...new Set(labelled.map(({ score }) => score))].sort((a, b) => a - b);
  const place = new Map(levels.map((level, index) => [level, index]));
  const indexed = (scores: readonly number[]) => Uint32Array.from(scores, (score) => place.get(score) ?? 0);
  const [rights, wrongs] = [indexed(right), indexed(wrong)];
  const random = createRandom(labelled.length);
  const drawn = Float64Array.from({ length: resamples }, () =>
    areaOf(countsOf(rights, levels.length, random), countsOf(wrongs, levels.length, random)),
  ).sort();
  // A sample without any overlap has a bootstrap of no width, though the next answer may overlap: (1 - auc)^n > 2.5 %.
  const unseen = 0.025 ** (1 / Math.min(right.length, wrong.length));
  const auc = areaOf(countsOf(rights, levels.length), countsOf(wrongs, levels.length));
  return {
    auc,
    low: Math.min(quantileOf(drawn, 0.025), auc >= 1 ? unseen : 1),
    high: Math.max(quantileOf(drawn, 0.975), auc <= 0 ? 1 - unseen : 0),
    right: right.length,
    wrong: wrong.length,
  };
}

/** How many answers have each level; with `random`, of as many answers drawn again with replacement. */
function countsOf(places: Uint32Array, levels: number, random?: () => number): Uint32Array {
  const counts = new Uint32Array(levels);
  for (let index = 0; index < places.length; index += 1) {
    const drawn = random === undefined ? index : Math.floor(random() * places.length);
    const place = places[drawn] ?? 0;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

function areaOf(rights: Uint32Array, wrongs: Uint32Array): number {
  let area = 0;
  let wrongBelow = 0;
  let allRight = 0;
  for (let level = 0; level < rights.length; level += 1) {
    const [right, wrong] = [rights[level] ?? 0, wrongs[level] ?? 0];
    area += right * (wrongBelow + wrong / 2);
    wrongBelow += wrong;
    allRight += right;
  }
  return area / (allRight * wrongBelow);
}
