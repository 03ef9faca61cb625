/** Evaluates the compiled alert conditions on counts, as the generated rules do in PromQL. */
import type { ObjectiveModel, SloModel, WindowCondition } from '../../services/slo/slo-model.ts';

/** Events of one window, and the bad ones among them. For means, `amount` is the sum of the values. */
export type Count = { readonly events: number; readonly amount: number };

/** One alert of an objective. `bound`: for quantiles, the bound beyond which events are bad. */
export type EvaluatedAlert = {
  readonly name: string;
  readonly severity: 'warning' | 'critical';
  readonly bound: number;
  readonly conditions: readonly (WindowCondition & { readonly limit: number })[];
};

/** All alerts of an objective. `limit` is the share of bad events (or the mean) beyond which a window is in breach. */
export function alertsOf({ objective, thresholds, budgetAlert, budget }: ObjectiveModel): readonly EvaluatedAlert[] {
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

/**
 * Whether one window pair fires the alert.
 * @param recent counts of the recovery window; without them, the incident goes on
 */
export function conditionHolds(
  { minEvents, recoveryDeviations }: SloModel,
  { objective }: ObjectiveModel,
  { guard, limit }: EvaluatedAlert['conditions'][number],
  long: Count,
  short: Count,
  recent?: Count,
): boolean {
  const counted = objective.kind !== 'mean';
  const sign = !counted && objective.direction === 'atLeast' ? -1 : 1;
  const excess = sign * (long.amount - guard.perEvent * long.events);
  if (excess <= guard.perRoot * Math.sqrt(long.events) + guard.constant) return false;
  if ((counted ? long.amount : long.events) < minEvents) return false;
  const breached = ({ events, amount }: Count) => events > 0 && sign * (amount - limit * events) > 0;
  if (!breached(long) || !breached(short)) return false;
  if (recent === undefined || recent.events === 0 || breached(recent)) return true;
  const likely = (short.amount / short.events) * recent.events;
  const deviation = counted
    ? Math.sqrt(likely)
    : (short.amount / short.events) * (('spread' in objective && objective.spread) || 1) * Math.sqrt(recent.events);
  return sign * (recent.amount - (likely - sign * recoveryDeviations * deviation)) >= 0;
}
