/** Compiles objectives into alert conditions. */
import { type AlertPolicy, alertPolicy, type WindowPair } from './alert-policy.ts';
import { amount, badEvent, type Event, type Guard, guardAgainstChance, normalDeviate, normalTail } from './chance.ts';
import { type Deployment, deployment as ownDeployment, night as ownNight } from './deployment.ts';
import { parseDuration } from './duration.ts';
import { burnFactor, errorBudget, exact } from './error-budget.ts';
import { type JobObjective, type Objective, type QuantileObjective, thresholdsOf } from './objective.ts';
import {
  type BudgetAlert,
  type JobModel,
  type ObjectiveModel,
  type ServiceSelection,
  type Severity,
  type SloModel,
  severities,
  type ThresholdAlert,
  type Window,
} from './slo-model.ts';
import { type BoundsOf, validateObjectives } from './validate-objectives.ts';

export type Objectives = Readonly<Record<string, Objective | JobObjective>>;

type CompileOptions = {
  /** Upper bounds of a quantile's histogram, in seconds or scores, by the objective's key. */
  readonly boundsOf: BoundsOf;
  readonly policy?: AlertPolicy;
  readonly deployment?: Deployment;
  readonly night?: SloModel['night'];
  /** Factor for every duration: with 1/60, game days see an hour pass in a minute. Counts do not change. */
  readonly scale?: number;
};

/** @throws {InvalidObjectivesError} lists every problem with its arithmetic */
export function compileObjectives(
  objectives: Objectives,
  { boundsOf, policy = alertPolicy, deployment = ownDeployment, night = ownNight, scale = 1 }: CompileOptions,
): SloModel {
  const all = Object.entries(objectives);
  validateObjectives(all, policy, boundsOf);
  const measured = all.filter((entry): entry is [string, Objective] => entry[1].kind !== 'job');
  const jobs = all.filter((entry): entry is [string, JobObjective] => entry[1].kind === 'job');
  const spans = new Set(
    policy.pairs.flatMap(({ long, short, recovery }) => [long, short, ...(recovery === undefined ? [] : [recovery])]),
  );
  const scaled = (span: string) => parseDuration(span) * scale;
  const window = (name: string): Window => ({ name, seconds: scaled(name) });
  const ofServices = measured.flatMap(([key, objective]) =>
    Object.entries(objective.services ?? {}).map(([service, numbers]) => {
      const { services: _, ...base } = objective;
      return { key, service, objective: { ...base, ...numbers } as Objective };
    }),
  );
  const shares = shareFalseAlerts(
    [...measured.map(([, objective]) => objective), ...ofServices.map(({ objective }) => objective)],
    policy,
  );
  const context = { policy, window, shares };
  return {
    scale,
    deployment,
    windows: [...spans].map(window).sort((a, b) => a.seconds - b.seconds),
    fastWindows: policy.pairs.slice(0, 1).flatMap(({ long, short }) => [short, long]),
    period: window(policy.period),
    minEvents: policy.minEvents,
    recoveryDeviations: policy.recoveryDeviations,
    for: scaled(policy.for),
    keepFiringFor: scaled(policy.keepFiringFor),
    interval: scaled(policy.interval),
    periodInterval: scaled(policy.periodInterval),
    objectives: measured.map(([key, objective]) => {
      const except = Object.keys(objective.services ?? {});
      return compileObjective(key, objective, except.length === 0 ? null : { except }, context);
    }),
    ofServices: ofServices.map(({ key, service, objective }) =>
      compileObjective(key, objective, { only: service }, context),
    ),
    night,
    jobs: jobs.map(([key, objective]) => compileJob(key, objective, scale)),
  };
}

type CompileContext = {
  readonly policy: AlertPolicy;
  readonly window: (name: string) => Window;
  /** Accepted share of days with a false alert, for each alert of a severity. */
  readonly shares: Readonly<Record<Severity, number>>;
};

/** Splits the accepted false alerts equally, so that all alerts together stay within the policy. */
function shareFalseAlerts(objectives: readonly Objective[], { falseAlerts }: AlertPolicy): CompileContext['shares'] {
  const budgets = objectives.filter((objective) => hasBudgetAlert(objective)).length;
  const warnings = objectives.filter(({ warning }) => warning !== undefined).length + budgets;
  const criticals = objectives.filter(({ critical }) => critical !== undefined).length;
  return {
    warning: falseAlerts.warning / Math.max(1, warnings),
    critical: falseAlerts.critical / Math.max(1, criticals),
  };
}

function hasBudgetAlert(objective: Objective): boolean {
  return objective.kind !== 'mean' && objective.budgetAlert === true;
}

function compileObjective(
  key: string,
  objective: Objective,
  services: ServiceSelection,
  context: CompileContext,
): ObjectiveModel {
  const budget = errorBudget(objective);
  const { services: _, ...own } = objective;
  const bounds = objective.kind === 'quantile' ? thresholdsOf(own) : [];
  return {
    key,
    objective,
    services,
    budget,
    bounds: [...new Set(bounds)].sort((a, b) => a - b),
    thresholds: severities.flatMap((severity) => {
      const threshold = objective[severity];
      const atNight = objective.night?.[severity];
      const compiled = (when: ThresholdAlert['when'], value: number | undefined) =>
        value === undefined ? [] : [{ when, ...compileThreshold(objective, severity, value, context) }];
      return atNight === undefined
        ? compiled('always', threshold)
        : [...compiled('day', threshold), ...compiled('night', atNight)];
    }),
    ...(budget !== null && hasBudgetAlert(objective)
      ? { budgetAlert: compileBudgetAlert(budget, context), exhausted: compileExhausted(budget, context) }
      : { budgetAlert: null, exhausted: null }),
  };
}

function compileThreshold(
  objective: Objective,
  severity: Severity,
  threshold: number,
  { policy, window, shares }: CompileContext,
): Omit<ThresholdAlert, 'when'> {
  const { event, limit } = atTarget(objective, threshold);
  const alpha = shares[severity] / policy.pairs.length;
  const conditions = policy.pairs.map(({ long, short, recovery }) => ({
    long: window(long),
    short: window(short),
    recovery: recovery === undefined ? null : window(recovery),
    guard: guardAgainstChance(event, limit, parseDuration(long), alpha),
  }));
  return { severity, threshold, badShare: objective.kind === 'mean' ? null : limit, conditions };
}

/** One event exactly at the target, and the average contribution per event that the threshold allows. */
function atTarget(objective: Objective, threshold: number): { event: Event; limit: number } {
  switch (objective.kind) {
    case 'ratio': {
      const bad = (value: number) => (objective.direction === 'atLeast' ? exact(1 - value) : value);
      return { event: badEvent(bad(objective.target)), limit: bad(threshold) };
    }
    case 'quantile':
      return { event: badEvent(shareBeyond(objective, threshold)), limit: exact(1 - objective.quantile) };
    case 'mean': {
      const event = amount(objective.target, objective.spread ?? 0);
      // The lower tail of a gamma distribution is lighter than a normal one: no correction for skew.
      const skewness = objective.direction === 'atLeast' ? 0 : event.skewness;
      return { event: { ...event, skewness }, limit: threshold };
    }
  }
}

/** Share of values beyond a threshold, for lognormal values exactly at the target. */
function shareBeyond({ quantile, target, spread = 0 }: QuantileObjective, threshold: number): number {
  return normalTail(normalDeviate(1 - quantile) + Math.log(threshold / target) / spread);
}

function compileBudgetAlert(budget: number, { policy, window, shares }: CompileContext): BudgetAlert {
  const pairs = policy.pairs.filter((pair): pair is WindowPair & { budgetShare: number } => pair.budgetShare !== null);
  const period = parseDuration(policy.period);
  return {
    severity: 'warning',
    conditions: pairs.map(({ long, short, recovery, budgetShare }) => {
      const factor = burnFactor({ budgetShare, period, window: parseDuration(long) });
      const alpha = shares.warning / pairs.length;
      const guard = guardAgainstChance(badEvent(budget), factor * budget, parseDuration(long), alpha);
      return {
        long: window(long),
        short: window(short),
        recovery: recovery === undefined ? null : window(recovery),
        guard,
        factor,
        budgetShare,
      };
    }),
  };
}

/** A fraction of an alert's share: a window of a month hardly moves within a day, so certainty costs it little. */
const exhaustedShare = 0.1;

function compileExhausted(budget: number, { policy, shares }: CompileContext): Guard {
  return guardAgainstChance(badEvent(budget), budget, parseDuration(policy.period), shares.warning * exhaustedShare);
}

function compileJob(key: string, objective: JobObjective, scale: number): JobModel {
  const { everyHours, graceHours } = objective;
  const after = (runs: number) => (runs * everyHours + graceHours) * 3_600 * scale;
  return { key, objective, lateAfter: { warning: after(1), critical: after(2) } };
}
