/** Compares the results of an evaluation with the objectives. */
import { quantileOf } from '../../quality/statistics/random.ts';
import { type Objective, objectives } from '../../slo/objectives.ts';
import { type Met, met } from '../../slo/verdict.ts';
import { meanOf, type Results, valuesOf } from './results.ts';

export type ObjectiveResult = {
  readonly objective: Objective;
  /** In the objective's unit; null: nothing was measured. */
  readonly value: number | null;
  /** Null: not judged. */
  readonly met: Met;
};

/** @param isValidated whether answer relevance separates right from wrong answers; otherwise no objective is judged by it */
export function judgeObjectives(results: Results, isValidated: boolean): readonly ObjectiveResult[] {
  const seconds = Float64Array.from(valuesOf(results, 'latency').values()).sort();
  const quantile = (share: number) => (seconds.length === 0 ? null : quantileOf(seconds, share));
  const measuredValue = (objective: Objective): number | null => {
    switch (objective.indicator) {
      case 'citation_rate':
        return meanOf(valuesOf(results, 'cited'));
      case 'latency':
        return objective.kind === 'quantile' ? quantile(objective.quantile) : null;
      case 'cost_per_answer':
        return meanOf(valuesOf(results, 'cost'));
      case 'relevance':
        return isValidated ? meanOf(valuesOf(results, 'answer_relevance')) : null;
      case 'error_rate':
        return meanOf(valuesOf(results, 'failed'));
      default:
        return null;
    }
  };
  return Object.values(objectives).map((objective) => {
    const value = measuredValue(objective);
    return { objective, value, met: met(objective, value) };
  });
}
