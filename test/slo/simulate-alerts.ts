/** Lets chance play many days of traffic exactly at its promises, and counts the days with an alarm. */
import { normalDeviate, normalTail } from '../../services/slo/chance.ts';
import type { Objective } from '../../services/slo/objectives.ts';
import type { ObjectiveModel, SloModel } from '../../services/slo/slo-model.ts';
import { fires, type Watch, watches } from './alert-evaluator.ts';

type Alarms = {
  readonly days: number;
  /** Days with at least one alarm of the severity, of whatever objective. */
  readonly warning: number;
  readonly critical: number;
  /** The same by alert: `error_rate warning`. */
  readonly byAlert: Readonly<Record<string, number>>;
};

type Traffic = {
  readonly days: number;
  /** Questions a day, on average. */
  readonly perDay: number;
  /** How far the rate swings through a day: 0 is steady, 1 falls to nothing at night. */
  readonly swing: number;
  /** From 0, below 1. */
  readonly random: () => number;
};

const minutesADay = 1_440;

/** Judged every minute, as if each breach were told at once: the alerts' `for` only makes them quieter. */
export function simulateAlarms(slo: SloModel, traffic: Traffic): Alarms {
  const longest = Math.max(...slo.windows.map(({ seconds }) => seconds)) / 60;
  const meters = slo.objectives
    .filter((model) => watches(model).length > 0)
    .map((model) => meter(model, longest, traffic.random));
  const byAlert: Record<string, number> = {};
  const days = { warning: 0, critical: 0 };
  const warmUp = Math.ceil(longest / minutesADay);
  for (let day = 0; day < warmUp + traffic.days; day += 1) {
    const alarms = new Set<Watch>();
    for (let minute = 0; minute < minutesADay; minute += 1) {
      const rate =
        (traffic.perDay / minutesADay) * (1 + traffic.swing * Math.sin((2 * Math.PI * minute) / minutesADay));
      const questions = poisson(rate, traffic.random);
      for (const each of meters) each.pass(questions);
      if (day < warmUp) continue;
      for (const each of meters) each.addAlarms(slo, alarms);
    }
    for (const { name, severity } of alarms) {
      const key = `${name} ${severity}`;
      byAlert[key] = (byAlert[key] ?? 0) + 1;
    }
    for (const severity of ['warning', 'critical'] as const) {
      if ([...alarms].some((watch) => watch.severity === severity)) days[severity] += 1;
    }
  }
  return { days: traffic.days, ...days, byAlert };
}

/** Running totals of one objective over its longest window. */
function meter(model: ObjectiveModel, longest: number, random: () => number) {
  const all = watches(model);
  const bounds = [...new Set(model.objective.kind === 'quantile' ? all.map(({ bound }) => bound) : [0])];
  const draw = drawAtThePromise(model.objective, bounds, random);
  const size = longest + 1;
  const events = new Float64Array(size);
  const amounts = bounds.map(() => new Float64Array(size));
  let now = 0;
  const over = (totals: Float64Array, minutes: number) =>
    (totals[now % size] ?? 0) - (totals[(now - minutes + size) % size] ?? 0);
  const plans = all.map((watch) => ({
    watch,
    totals: amounts[bounds.indexOf(model.objective.kind === 'quantile' ? watch.bound : 0)] ?? events,
    conditions: watch.conditions.map((condition) => ({
      condition,
      long: condition.long.seconds / 60,
      short: condition.short.seconds / 60,
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
    addAlarms(slo: SloModel, alarms: Set<Watch>) {
      for (const { watch, totals, conditions } of plans) {
        if (alarms.has(watch)) continue;
        for (const { condition, long, short } of conditions) {
          if (fires(slo, model, condition, count(totals, long), count(totals, short))) alarms.add(watch);
        }
      }
    },
  };
}

/** What one event adds to each total. */
function drawAtThePromise(
  objective: Objective,
  bounds: readonly number[],
  random: () => number,
): () => readonly number[] {
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

/** Marsaglia and Tsang's method; of an exponential distribution directly. */
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
