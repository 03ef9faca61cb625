/** Rejects objectives whose alerts cannot work, and shows the arithmetic. */
import type { AlertPolicy } from './alert-policy.ts';
import { parseDuration } from './duration.ts';
import { burnFactor, errorBudget, exact, isReachable, largestBurnRate } from './error-budget.ts';
import type { JobObjective, Objective } from './objective.ts';

/** Upper bounds of an objective's histogram, by the objective's key. Empty without a histogram. */
export type BoundsOf = (key: string) => readonly number[];

type Entry = readonly [key: string, objective: Objective | JobObjective];

/** The message lists one problem per line. */
class InvalidObjectivesError extends Error {
  override readonly name = 'InvalidObjectivesError';

  constructor(problems: readonly string[]) {
    super(`The objectives cannot be compiled:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** @throws {InvalidObjectivesError} */
export function validateObjectives(all: readonly Entry[], policy: AlertPolicy, boundsOf: BoundsOf): void {
  const problems = problemsOf(all, policy, boundsOf).map(({ message }) => message);
  if (problems.length > 0) throw new InvalidObjectivesError(problems);
}

/** A problem of an objective, by the objective's name; empty for the file as a whole. */
export type ObjectiveProblem = { readonly objective: string; readonly message: string };

/** @param boundsOf absent: every threshold is made a bound */
export function problemsOf(
  all: readonly Entry[],
  policy: AlertPolicy,
  boundsOf?: BoundsOf,
): readonly ObjectiveProblem[] {
  return [
    ...(all.length === 0 ? [{ objective: '', message: 'no objective is defined, so there would be no rule' }] : []),
    ...nameProblems(all.map(([, { name }]) => name)).map((message) => problem(message)),
    ...all.flatMap(([key, objective]) =>
      (objective.kind === 'job'
        ? jobProblems(objective)
        : [
            ...valueProblems(objective),
            ...orderProblems(objective),
            ...alertProblems(objective),
            ...budgetProblems(objective, policy),
            ...(boundsOf === undefined ? [] : boundProblems(objective, boundsOf(key))),
            ...serviceProblems(objective, policy),
            ...nightProblems(objective),
          ]
      ).map((message) => problem(message)),
    ),
  ];
}

/** Every message begins with the name. */
function problem(message: string): ObjectiveProblem {
  return { objective: message.slice(0, message.indexOf(':')), message };
}

/** The numbers of a service are judged as an objective of their own. */
function serviceProblems(objective: Objective, policy: AlertPolicy): readonly string[] {
  const { services = {}, ...base } = objective;
  return Object.entries(services).flatMap(([service, numbers]) => {
    const own: Objective = { ...base, ...numbers };
    // The budget of a quantile is the same for every service.
    const budget = own.kind === 'ratio' ? budgetProblems(own, policy) : [];
    return [...valueProblems(own), ...orderProblems(own), ...alertProblems(own), ...budget].map((message) =>
      message.replace(':', `: for the service ${service},`),
    );
  });
}

/** At night the numbers must be in order as well, and there is no number without one by day. */
function nightProblems(objective: Objective): readonly string[] {
  const { night, ...day } = objective;
  if (night === undefined) return [];
  const alone = (['warning', 'critical'] as const).filter(
    (each) => night[each] !== undefined && day[each] === undefined,
  );
  return [
    ...alone.map((each) => `${day.name}: night.${each} needs a ${each} by day`),
    ...orderProblems({ ...day, ...night }).map((message) => message.replace(':', ': at night,')),
  ];
}

function nameProblems(names: readonly string[]): readonly string[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const odd = names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name));
  return [
    ...[...twice].map(
      (name) => `${name}: the name is used by ${names.filter((each) => each === name).length} objectives`,
    ),
    ...odd.map((name) => `${name}: a name must start with a letter and contain only a-z, 0-9 and _`),
  ];
}

function valueProblems(objective: Objective): readonly string[] {
  const { name, unit, target, warning, critical } = objective;
  const share = objective.kind === 'ratio' || unit === 'score';
  const values = Object.entries({ target, warning, critical }).filter(([, value]) => value !== undefined);
  const problems = values.flatMap(([what, value = 0]) => {
    if (share && !(value > 0 && value < 1)) {
      return [
        `${name}: ${what} is ${value}, but a ${unit} must be between 0 and 1: such an alert never fires or never resolves`,
      ];
    }
    return value > 0 ? [] : [`${name}: ${what} is ${value}, but must be above 0`];
  });
  if (objective.kind === 'quantile' && !(objective.quantile > 0 && objective.quantile < 1)) {
    return [...problems, `${name}: quantile is ${objective.quantile}, but must be between 0 and 1`];
  }
  return problems;
}

function orderProblems({ name, direction, target, warning, critical }: Objective): readonly string[] {
  const beyond = direction === 'atLeast' ? (a: number, b: number) => a < b : (a: number, b: number) => a > b;
  const word = direction === 'atLeast' ? 'below' : 'above';
  const steps = Object.entries({ target, warning, critical }).filter(([, value]) => value !== undefined);
  return steps.slice(1).flatMap(([what, value = 0], index) => {
    const [before, least = 0] = steps[index] ?? [];
    return beyond(value, least) ? [] : [`${name}: ${what} ${value} must be ${word} ${before} ${least}`];
  });
}

function alertProblems(objective: Objective): readonly string[] {
  const { name, warning, critical, action } = objective;
  if (warning === undefined && critical === undefined) return [];
  const problems = action === undefined ? [`${name}: alerts need an action`] : [];
  if (objective.kind !== 'ratio' && !((objective.spread ?? 0) > 0)) {
    problems.push(`${name}: alerts need a spread above 0 to distinguish a breach from random variation`);
  }
  if (objective.kind === 'quantile' && objective.direction === 'atLeast') {
    problems.push(
      `${name}: a quantile objective must be atMost or below: for atLeast, define a ratio of the values above the target`,
    );
  }
  return problems;
}

/** With a budget of 30%, a burn rate of 14.4 would need 432% of all events to be bad. */
function budgetProblems(objective: Objective, policy: AlertPolicy): readonly string[] {
  const budget = errorBudget(objective);
  if (budget === null || objective.kind === 'mean' || objective.budgetAlert !== true) return [];
  return policy.pairs.flatMap(({ long, budgetShare }) => {
    if (budgetShare === null) return [];
    const factor = burnFactor({ budgetShare, period: parseDuration(policy.period), window: parseDuration(long) });
    if (isReachable(factor, budget)) return [];
    const most = exact(largestBurnRate(budget)).toFixed(2);
    return [
      `${objective.name}: the budget alert over ${long} cannot fire: ${factor} × ${budget} = ${exact(factor * budget)} exceeds 1, the largest possible share of bad events (the largest burn rate is 1 / ${budget} = ${most}). Remove budgetAlert: the thresholds still alert`,
    ];
  });
}

function boundProblems(objective: Objective, bounds: readonly number[]): readonly string[] {
  if (objective.kind !== 'quantile') return [];
  const { name, target, warning, critical } = objective;
  return [target, warning, critical].flatMap((value) => {
    if (value === undefined || bounds.includes(value)) return [];
    const below = bounds.filter((bound) => bound < value).at(-1);
    const above = bounds.find((bound) => bound > value);
    return [
      `${name}: ${value} is not a bucket bound of the histogram, so answers beyond it cannot be counted (nearest bounds: ${below ?? 'none'} and ${above ?? 'none'})`,
    ];
  });
}

function jobProblems({ name, warning, critical, everyHours, graceHours }: JobObjective): readonly string[] {
  const problems: string[] = [];
  if (!(warning >= 1))
    problems.push(
      `${name}: warning is ${warning}, but must be at least 1: an alert on fewer failed runs never resolves`,
    );
  if (critical <= warning) {
    problems.push(`${name}: critical ${critical} must be above warning ${warning}`);
  }
  if (!(everyHours > 0) || !(graceHours >= 0)) {
    problems.push(`${name}: everyHours ${everyHours} must be above 0 and graceHours ${graceHours} at least 0`);
  }
  return problems;
}
