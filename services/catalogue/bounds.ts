/** Bucket bounds: every threshold of the objectives is one, so that a share beyond it can be counted exactly. */
import { type Objective, objectives } from '../slo/objectives.ts';

type Objectives = Readonly<Record<string, Objective>>;

/** Seconds. Below and above the thresholds the bounds only serve the eye. */
export function answerSecondsFor(all: Objectives): readonly number[] {
  return ascending([...thresholds(all, 'seconds'), ...[0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 4, 7.5, 10, 15, 30]]);
}

/** Tenths of a score, and the scores that objectives compare with. */
export function scoreBoundsFor(all: Objectives): readonly number[] {
  return ascending([...thresholds(all, 'score'), 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
}

export const answerSeconds = answerSecondsFor(objectives);
export const scoreBounds = scoreBoundsFor(objectives);

/** Seconds, for one stage: from a millisecond, because a search in Postgres takes a few. */
export const stageSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All values that the objectives of one unit compare with. */
function thresholds(all: Objectives, unit: Objective['unit']): readonly number[] {
  return Object.values(all)
    .filter((objective) => objective.unit === unit)
    .flatMap(({ target, warning, critical }) => [target, warning, critical])
    .filter((value) => value !== undefined);
}

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
