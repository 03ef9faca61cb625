/** Compares the results of an evaluation with the objectives. */
import { quantileOf } from '../../quality/statistics/random.ts';
import { type Objective, type ObjectiveKey, objectives } from '../../slo/objectives.ts';
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
  const measured: Readonly<Record<ObjectiveKey, number | null>> = {
    citationRate: meanOf(valuesOf(results, 'cited')),
    latencyP50: quantile(objectives.latencyP50.quantile),
    latencyP95: quantile(objectives.latencyP95.quantile),
    costPerAnswer: meanOf(valuesOf(results, 'cost')),
    relevance: isValidated ? meanOf(valuesOf(results, 'answer_relevance')) : null,
    errorRate: meanOf(valuesOf(results, 'failed')),
  };
  return (Object.keys(objectives) as ObjectiveKey[]).map((key) => ({
    objective: objectives[key],
    value: measured[key],
    met: met(objectives[key], measured[key]),
  }));
}
