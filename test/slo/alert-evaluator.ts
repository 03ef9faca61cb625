/** Decides on counts what the compiled alerts decide in PromQL: whether a breach shows and is believed. */
import type { ObjectiveModel, SloModel, WindowCondition } from '../../services/slo/slo-model.ts';

/** Of one window: its events, and the bad ones among them or, where a mean is promised, the sum of their values. */
export type Count = { readonly events: number; readonly amount: number };

/** One alert of an objective. `bound`: beyond which its bad events lie, where a quantile is promised. */
export type Watch = {
  readonly name: string;
  readonly severity: 'warning' | 'critical';
  readonly bound: number;
  readonly conditions: readonly (WindowCondition & { readonly limit: number })[];
};

/** All alerts of an objective, by the share of bad events (or the mean) beyond which each of their windows is in breach. */
export function watches({ objective, thresholds, budgetAlert, budget }: ObjectiveModel): readonly Watch[] {
  const onThresholds = thresholds.map(({ severity, threshold, badShare, conditions }) => ({
    name: objective.name,
    severity,
    bound: threshold,
    conditions: conditions.map((condition) => ({ ...condition, limit: badShare ?? threshold })),
  }));
  if (budgetAlert === null || budget === null) return onThresholds;
  const onBudget = {
    name: `${objective.name}_budget`,
    severity: budgetAlert.severity,
    bound: objective.target,
    conditions: budgetAlert.conditions.map((condition) => ({ ...condition, limit: condition.factor * budget })),
  };
  return [...onThresholds, onBudget];
}

export function fires(
  { minEvents }: SloModel,
  { objective }: ObjectiveModel,
  { guard, limit }: Watch['conditions'][number],
  long: Count,
  short: Count,
): boolean {
  const counted = objective.kind !== 'mean';
  const sign = !counted && objective.direction === 'atLeast' ? -1 : 1;
  const excess = sign * (long.amount - guard.perEvent * long.events);
  if (excess <= guard.perRoot * Math.sqrt(long.events) + guard.constant) return false;
  if ((counted ? long.amount : long.events) < minEvents) return false;
  const breached = ({ events, amount }: Count) => events > 0 && sign * (amount - limit * events) > 0;
  return breached(long) && breached(short);
}
