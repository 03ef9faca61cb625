/** The error budget: what may go wrong in a period, how fast it is spent, and which alerts on that can fire at all. */
import type { Objective } from './objectives.ts';

/** Share of events that may be bad; null where the target is about a mean, which has no bad events. */
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

/** 1 spends the budget in exactly one period. Null without events. */
export function burnRate({ bad, events, budget }: { bad: number; events: number; budget: number }): number | null {
  return events === 0 ? null : bad / events / budget;
}

/** Share of the budget that is left, from 1 down; negative once it is overspent. Null without events. */
export function budgetRemaining(spent: { bad: number; events: number; budget: number }): number | null {
  const burnt = burnRate(spent);
  return burnt === null ? null : 1 - burnt;
}

/** Seconds until nothing is left, 0 if nothing is; null where nothing is being spent. */
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

/** The burn rate that spends `spend` of the period's budget within a window; lengths in seconds. */
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

/** The largest burn rate there is: every event bad. */
export function largestBurnRate(budget: number): number {
  return 1 / budget;
}

/** An alert at `factor` × budget fires only above that share of bad events, and there is none above 1. */
export function isReachable(factor: number, budget: number): boolean {
  return factor * budget < 1;
}

/** 1 - 0.95 is 0.050000000000000044 in floating point; nobody promised that. */
export function exact(value: number): number {
  return Number(value.toPrecision(12));
}
