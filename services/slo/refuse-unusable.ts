/** Refuses promises that no alert can watch, with the arithmetic that shows why. */
import type { AlertPolicy } from './alert-policy.ts';
import { burnFactor, errorBudget, exact, isReachable, largestBurnRate } from './error-budget.ts';
import type { JobObjective, Objective } from './objectives.ts';
import { secondsOf } from './span.ts';

/** Upper bounds of an objective's histogram, by the objective's key; empty where there is none. */
export type BoundsOf = (key: string) => readonly number[];

type Entry = readonly [key: string, objective: Objective | JobObjective];

/** Every trouble on a line of its own. */
class UnusableObjectives extends Error {
  override readonly name = 'UnusableObjectives';

  constructor(troubles: readonly string[]) {
    super(`The objectives cannot be compiled:\n${troubles.map((trouble) => `  ${trouble}`).join('\n')}`);
  }
}

/** @throws {UnusableObjectives} */
export function refuseUnusable(all: readonly Entry[], policy: AlertPolicy, boundsOf: BoundsOf): void {
  const troubles = [
    ...(all.length === 0 ? ['there is not one objective, so there would be no rule'] : []),
    ...sameNames(all.map(([, { name }]) => name)),
    ...all.flatMap(([key, objective]) =>
      objective.kind === 'job'
        ? troublesOfJob(objective)
        : [
            ...troublesOfValues(objective),
            ...troublesOfOrder(objective),
            ...troublesOfAlerts(objective),
            ...troublesOfBudget(objective, policy),
            ...troublesOfBounds(objective, boundsOf(key)),
          ],
    ),
  ];
  if (troubles.length > 0) throw new UnusableObjectives(troubles);
}

function sameNames(names: readonly string[]): readonly string[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const odd = names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name));
  return [
    ...[...twice].map((name) => `${name}: ${names.filter((each) => each === name).length} objectives have this name`),
    ...odd.map((name) => `${name}: a name is written in a-z, 0-9 and _, and begins with a letter`),
  ];
}

function troublesOfValues(objective: Objective): readonly string[] {
  const { name, unit, promise, warning, critical } = objective;
  const share = objective.kind === 'ratio' || unit === 'score';
  const values = Object.entries({ promise, warning, critical }).filter(([, value]) => value !== undefined);
  const troubles = values.flatMap(([what, value = 0]) => {
    if (share && !(value > 0 && value < 1)) {
      return [
        `${name}: ${what} is ${value}, and a ${unit} is between 0 and 1: an alert there cannot fire, or never ends`,
      ];
    }
    return value > 0 ? [] : [`${name}: ${what} is ${value}, which has to be above 0`];
  });
  if (objective.kind === 'quantile' && !(objective.quantile > 0 && objective.quantile < 1)) {
    return [...troubles, `${name}: quantile is ${objective.quantile}, which has to be between 0 and 1`];
  }
  return troubles;
}

function troublesOfOrder({ name, direction, promise, warning, critical }: Objective): readonly string[] {
  const beyond = direction === 'atLeast' ? (a: number, b: number) => a < b : (a: number, b: number) => a > b;
  const word = direction === 'atLeast' ? 'below' : 'above';
  const steps = Object.entries({ promise, warning, critical }).filter(([, value]) => value !== undefined);
  return steps.slice(1).flatMap(([what, value = 0], index) => {
    const [before, least = 0] = steps[index] ?? [];
    return beyond(value, least)
      ? []
      : [`${name}: ${what} ${value} has to lie ${word} ${before} ${least}: the ${before} would come after the ${what}`];
  });
}

function troublesOfAlerts(objective: Objective): readonly string[] {
  const { name, warning, critical, action } = objective;
  if (warning === undefined && critical === undefined) return [];
  const troubles = action === undefined ? [`${name}: it alerts, and does not say what to do: add an action`] : [];
  if (objective.kind !== 'ratio' && !((objective.spread ?? 0) > 0)) {
    troubles.push(`${name}: it alerts, and how far values vary by chance is not known: add a spread above 0`);
  }
  if (objective.kind === 'quantile' && objective.direction === 'atLeast') {
    troubles.push(
      `${name}: a quantile is promised to be at most something; count the share above it as a ratio instead`,
    );
  }
  return troubles;
}

/** 14.4 times a budget of 30 % would be 432 % of all events. */
function troublesOfBudget(objective: Objective, policy: AlertPolicy): readonly string[] {
  const budget = errorBudget(objective);
  if (budget === null || objective.kind === 'mean' || objective.budgetAlert !== true) return [];
  return policy.pairs.flatMap(({ long, spend }) => {
    if (spend === null) return [];
    const factor = burnFactor({ spend, period: secondsOf(policy.period), window: secondsOf(long) });
    if (isReachable(factor, budget)) return [];
    const most = exact(largestBurnRate(budget)).toFixed(2);
    return [
      `${objective.name}: its budget alert over ${long} cannot fire: ${factor} × ${budget} = ${exact(factor * budget)}, and no more than 1 of 1 events can be bad (the largest burn rate is 1 / ${budget} = ${most})`,
    ];
  });
}

function troublesOfBounds(objective: Objective, bounds: readonly number[]): readonly string[] {
  if (objective.kind !== 'quantile') return [];
  const { name, promise, warning, critical } = objective;
  return [promise, warning, critical].flatMap((value) => {
    if (value === undefined || bounds.includes(value)) return [];
    const below = bounds.filter((bound) => bound < value).at(-1);
    const above = bounds.find((bound) => bound > value);
    return [
      `${name}: ${value} is no bound of its histogram, so answers beyond it cannot be counted (the bounds beside it: ${below ?? 'none'} and ${above ?? 'none'})`,
    ];
  });
}

function troublesOfJob({ name, warning, critical, everyHours, graceHours }: JobObjective): readonly string[] {
  const troubles: string[] = [];
  if (!(warning >= 1))
    troubles.push(`${name}: warning is ${warning}, and an alert on less than 1 failed run never ends`);
  if (critical <= warning) {
    troubles.push(`${name}: critical ${critical} has to lie above warning ${warning}: the warning would come after it`);
  }
  if (!(everyHours > 0) || !(graceHours >= 0)) {
    troubles.push(`${name}: everyHours ${everyHours} has to be above 0, graceHours ${graceHours} at least 0`);
  }
  return troubles;
}
