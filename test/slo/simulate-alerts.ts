/** Simulates days of random traffic exactly at the targets and counts the days with an alert. */
import { normalDeviate, normalTail } from '../../services/slo/chance.ts';
import type { Objective } from '../../services/slo/objectives.ts';
import { type ObjectiveModel, type Severity, type SloModel, severities } from '../../services/slo/slo-model.ts';
import { alertsOf, conditionHolds, type EvaluatedAlert } from './alert-evaluator.ts';
import type { OperationTraffic } from './simulate-operation.ts';

type AlertDays = {
  readonly days: number;
  /** Days with at least one alert of the severity, over all objectives. */
  readonly warning: number;
  readonly critical: number;
  /** Days by alert: `error_rate warning`. */
  readonly byAlert: Readonly<Record<string, number>>;
};

type Traffic = {
  readonly days: number;
  /** Average number of questions. */
  readonly perDay: number;
  /** Variation of the rate through the day: 0 is steady, 1 drops to zero at night. */
  readonly swing: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Operational rules, which see the same questions. */
  readonly operation?: OperationTraffic;
};

const minutesPerDay = 1_440;

/** Evaluates every minute and ignores the alerts' `for`, which only reduces the number of alerts. */
export function simulateAlerts(slo: SloModel, traffic: Traffic): AlertDays {
  const isExhaustible = slo.objectives.some(({ exhausted }) => exhausted !== null);
  const longest =
    Math.max(...[...slo.windows, ...(isExhaustible ? [slo.period] : [])].map(({ seconds }) => seconds)) / 60;
  const meters = slo.objectives
    .filter((model) => alertsOf(model).length > 0)
    .map((model) => meter(model, longest, traffic.random));
  const byAlert: Record<string, number> = {};
  const days = { warning: 0, critical: 0 };
  const warmUp = Math.ceil(longest / minutesPerDay);
  for (let day = 0; day < warmUp + traffic.days; day += 1) {
    const fired = new Set<EvaluatedAlert>();
    const others = new Map<string, Severity>();
    for (let minute = 0; minute < minutesPerDay; minute += 1) {
      const rate =
        (traffic.perDay / minutesPerDay) * (1 + traffic.swing * Math.sin((2 * Math.PI * minute) / minutesPerDay));
      const questions = poisson(rate, traffic.random);
      for (const each of meters) each.pass(questions);
      traffic.operation?.pass(questions);
      if (day < warmUp) continue;
      for (const each of meters) each.addAlerts(slo, fired);
      for (const { name, severity } of traffic.operation?.fired() ?? []) others.set(`${name} ${severity}`, severity);
    }
    if (day < warmUp) continue;
    // A budget of a month hardly moves within a day.
    for (const each of meters) {
      const exhausted = each.exhaustedBudget(slo);
      if (exhausted !== null) others.set(`${exhausted} warning`, 'warning');
    }
    for (const { name, severity } of fired) others.set(`${name} ${severity}`, severity);
    for (const key of others.keys()) byAlert[key] = (byAlert[key] ?? 0) + 1;
    for (const severity of severities) if ([...others.values()].includes(severity)) days[severity] += 1;
  }
  return { days: traffic.days, ...days, byAlert };
}

/** Running totals of one objective over its longest window. */
function meter(model: ObjectiveModel, longest: number, random: () => number) {
  const all = alertsOf(model);
  const bounds = [...new Set(model.objective.kind === 'quantile' ? all.map(({ bound }) => bound) : [0])];
  const draw = drawAtTarget(model.objective, bounds, random);
  const size = longest + 1;
  const events = new Float64Array(size);
  const amounts = bounds.map(() => new Float64Array(size));
  let now = 0;
  const over = (totals: Float64Array, minutes: number) =>
    (totals[now % size] ?? 0) - (totals[(now - minutes + size) % size] ?? 0);
  const plans = all.map((alert) => ({
    alert,
    totals: amounts[bounds.indexOf(model.objective.kind === 'quantile' ? alert.bound : 0)] ?? events,
    conditions: alert.conditions.map((condition) => ({
      condition,
      long: condition.long.seconds / 60,
      short: condition.short.seconds / 60,
      recovery: condition.recovery === null ? null : condition.recovery.seconds / 60,
    })),
  }));
  const count = (totals: Float64Array, minutes: number) => ({
    events: over(events, minutes),
    amount: over(totals, minutes),
  });

  return {
    pass(questions: number) {
      const before = now % size;
      now += 1;
      const after = now % size;
      events[after] = (events[before] ?? 0) + questions;
      for (const totals of amounts) totals[after] = totals[before] ?? 0;
      for (let question = 0; question < questions; question += 1) {
        const drawn = draw();
        for (const [index, totals] of amounts.entries()) totals[after] = (totals[after] ?? 0) + (drawn[index] ?? 0);
      }
    },
    /** The name of the alert; null: there is budget left, or random variation explains it. */
    exhaustedBudget({ minEvents, period }: SloModel): string | null {
      const { budget, exhausted, objective } = model;
      if (budget === null || exhausted === null) return null;
      const totals = amounts[bounds.indexOf(objective.kind === 'quantile' ? objective.target : 0)] ?? events;
      const { events: all, amount: bad } = count(totals, period.seconds / 60);
      const { perEvent, perRoot, constant } = exhausted;
      const explained = perEvent * all + perRoot * Math.sqrt(all) + constant;
      return bad >= minEvents && bad >= budget * all && bad > explained ? `${objective.name}_budget_exhausted` : null;
    },
    addAlerts(slo: SloModel, fired: Set<EvaluatedAlert>) {
      for (const { alert, totals, conditions } of plans) {
        if (fired.has(alert)) continue;
        for (const { condition, long, short, recovery } of conditions) {
          const recent = recovery === null ? undefined : count(totals, recovery);
          if (conditionHolds(slo, model, condition, count(totals, long), count(totals, short), recent))
            fired.add(alert);
        }
      }
    },
  };
}

/** Draws what one event adds to each total. */
function drawAtTarget(objective: Objective, bounds: readonly number[], random: () => number): () => readonly number[] {
  switch (objective.kind) {
    case 'ratio': {
      const bad = objective.direction === 'atLeast' ? 1 - objective.target : objective.target;
      return () => [random() < bad ? 1 : 0];
    }
    case 'quantile': {
      const { quantile, target, spread = 0 } = objective;
      const shares = bounds.map((bound) => normalTail(normalDeviate(1 - quantile) + Math.log(bound / target) / spread));
      return () => {
        const place = random();
        return shares.map((share) => (place < share ? 1 : 0));
      };
    }
    case 'mean': {
      const { target, spread = 0 } = objective;
      const shape = 1 / spread ** 2;
      return () => [(target / shape) * gamma(shape, random)];
    }
  }
}

function poisson(mean: number, random: () => number): number {
  const least = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > least) {
    product *= random();
    count += 1;
  }
  return count;
}

/** Marsaglia and Tsang's method. Shape 1 is an exponential distribution. */
function gamma(shape: number, random: () => number): number {
  if (shape === 1) return -Math.log(1 - random());
  if (shape < 1) return gamma(shape + 1, random) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
