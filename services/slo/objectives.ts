/** The service level objectives of slo.yaml, by key: the name in camel case. */
import { type IndicatorName, indicatorNames } from './indicator-names.ts';
import type { Objective } from './objective.ts';
import { sloFile } from './slo-file/loaded.ts';

export type { Direction, JobObjective, Objective } from './objective.ts';

export const { objectives, jobs: jobObjectives } = sloFile;

export type ObjectiveKey = string;

/** Of the daily rollup. Undefined: the deployment has none. */
export const rollupObjective = Object.values(jobObjectives).find(({ indicator }) => indicator === 'rollup');

/** The first objective of an indicator; for quantiles, of this quantile. Undefined: the deployment has none. */
export function objectiveOn(indicator: IndicatorName, quantile?: number): Objective | undefined {
  return Object.values(objectives).find(
    (objective) =>
      objective.indicator === indicator &&
      (quantile === undefined || (objective.kind === 'quantile' && objective.quantile === quantile)),
  );
}

/** As `objectiveOn`. Without one, an objective without a target, to which nothing is compared. */
export function shownObjective(indicator: IndicatorName, quantile?: number): Objective {
  const found = objectiveOn(indicator, quantile);
  if (found !== undefined) return found;
  const { unit, short } = indicatorNames[indicator];
  const title = quantile === undefined ? short : `${short}P${quantile * 100}`;
  return {
    kind: 'mean',
    name: '',
    indicator,
    title,
    unit: unit === 'runs' ? 'score' : unit,
    direction: 'atMost',
    target: Number.POSITIVE_INFINITY,
  };
}
