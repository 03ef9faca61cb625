/** Histogram bucket bounds. Every threshold of an objective is a bound, so that events beyond it are counted exactly. */
import { type Objective, thresholdsOf } from '../slo/objective.ts';
import { objectives } from '../slo/objectives.ts';

type Objectives = Readonly<Record<string, Objective>>;

/** Seconds. Bounds that are no threshold only improve the resolution of graphs. */
export function answerSecondsFor(all: Objectives): readonly number[] {
  return ascending([...thresholds(all, 'seconds'), ...[0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 4, 7.5, 10, 15, 30]]);
}

/** Tenths, and the thresholds of the objectives. */
export function scoreBoundsFor(all: Objectives): readonly number[] {
  return ascending([...thresholds(all, 'score'), 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
}

export const answerSeconds = answerSecondsFor(objectives);
export const scoreBounds = scoreBoundsFor(objectives);

/** Seconds. Stages start at one millisecond because a Postgres search takes only a few. */
export const stageSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Targets and thresholds of all objectives with the given unit. */
function thresholds(all: Objectives, unit: Objective['unit']): readonly number[] {
  return Object.values(all)
    .filter((objective) => objective.unit === unit)
    .flatMap(thresholdsOf);
}

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
