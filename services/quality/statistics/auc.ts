/** How well a score separates right answers from wrong ones: the area under the ROC curve, with a bootstrap interval. */
import { createRandom, quantileOf } from './random.ts';

export type Labelled = {
  readonly score: number;
  /** Whether the answer is right. */
  readonly right: boolean;
  /** Answers to one question are alike, so the interval draws questions, not answers. Absent: a question of its own. */
  readonly question?: string;
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
  const questions = [...Map.groupBy(labelled, (each) => each.question ?? each).values()].map((answers) =>
    answers.map((each) => ({ place: place.get(each.score) ?? 0, right: each.right })),
  );
  const random = createRandom(labelled.length);
  const draw = () => questions[Math.floor(random() * questions.length)] ?? [];
  const areas = Array.from({ length: resamples }, () => areaOf(questions.map(draw), levels.length));
  // A draw of one class alone says nothing.
  const drawn = Float64Array.from(areas.filter((area) => !Number.isNaN(area))).sort();
  // A sample without any overlap has a bootstrap of no width, though the next answer may overlap: (1 - auc)^n > 2.5 %.
  const unseen = 0.025 ** (1 / Math.min(right.length, wrong.length));
  const auc = areaOf(questions, levels.length);
  return {
    auc,
    low: Math.min(quantileOf(drawn, 0.025), auc >= 1 ? unseen : 1),
    high: Math.max(quantileOf(drawn, 0.975), auc <= 0 ? 1 - unseen : 0),
    right: right.length,
    wrong: wrong.length,
  };
}

type Placed = { readonly place: number; readonly right: boolean };

/** @returns NaN without an answer of either class */
function areaOf(questions: readonly (readonly Placed[])[], levels: number): number {
  const rights = new Uint32Array(levels);
  const wrongs = new Uint32Array(levels);
  for (const answers of questions) {
    for (const { place, right } of answers) {
      const counts = right ? rights : wrongs;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  }
  let area = 0;
  let wrongBelow = 0;
  let allRight = 0;
  for (let level = 0; level < levels; level += 1) {
    const [right, wrong] = [rights[level] ?? 0, wrongs[level] ?? 0];
    area += right * (wrongBelow + wrong / 2);
    wrongBelow += wrong;
    allRight += right;
  }
  return area / (allRight * wrongBelow);
}
