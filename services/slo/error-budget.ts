/** Error budget: the bad events a period allows, how fast they are used, and which burn-rate alerts can fire at all. */
import type { Objective } from './objective.ts';

/** Share of events that may be bad. Null for means, which have no bad events. */
export function errorBudget(objective: Objective): number | null {
  switch (objective.kind) {
    case 'ratio':
      return objective.direction === 'atLeast' ? exact(1 - objective.target) : objective.target;
    case 'quantile':
      return exact(1 - objective.quantile);
    case 'mean':
      return null;
  }
}

/** A burn rate of 1 uses the budget in exactly one period. Null without events. */
export function burnRate({ bad, events, budget }: { bad: number; events: number; budget: number }): number | null {
  return events === 0 ? null : bad / events / budget;
}

/** Remaining share of the budget: 1 is untouched, negative is overspent. Null without events. */
export function budgetRemaining(spent: { bad: number; events: number; budget: number }): number | null {
  const burnt = burnRate(spent);
  return burnt === null ? null : 1 - burnt;
}

/** Seconds until the budget is exhausted, 0 if it already is. Null while no budget is being used. */
export function timeToExhaustion({
  left,
  burn,
  period,
}: {
  left: number;
  burn: number;
  period: number;
}): number | null {
  return burn <= 0 ? null : (Math.max(0, left) * period) / burn;
}

/** The burn rate that uses `budgetShare` of the period's budget within a window. Durations in seconds. */
export function burnFactor({
  budgetShare,
  period,
  window,
}: {
  budgetShare: number;
  period: number;
  window: number;
}): number {
  return exact((budgetShare * period) / window);
}

/** The largest possible burn rate: every event is bad. */
export function largestBurnRate(budget: number): number {
  return 1 / budget;
}

/** An alert at `factor` × budget needs a larger share of bad events, and no share exceeds 1. */
export function isReachable(factor: number, budget: number): boolean {
  return factor * budget < 1;
}

/** Removes floating-point noise: 1 - 0.95 is 0.050000000000000044. */
export function exact(value: number): number {
  return Number(value.toPrecision(12));
}
