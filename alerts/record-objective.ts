/** Recording rules of one objective: events, bad events and value over every window. */
import type { Indicator } from '../services/catalogue/indicators.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type { ObjectiveModel, Window } from '../services/slo/slo-model.ts';
import { increase, select, selectBucket, selectSeries } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** Labels of an objective's bad events. Quantiles add the bound. */
export function badLabels({ objective }: ObjectiveModel, bound: number): Readonly<Record<string, string>> {
  return objective.kind === 'quantile' ? { slo: objective.name, beyond: String(bound) } : { slo: objective.name };
}

export function recordWindow(model: ObjectiveModel, indicator: Indicator, window: Window): readonly RecordingRule[] {
  const labels = { slo: model.objective.name };
  const of = (name: string) => select(name, labels);
  const some = `(${of(recorded.events(window))} > 0)`;
  const range = formatDuration(window.seconds);
  const value = (expr: string) => ({ record: recorded.value(window), expr, labels });
  switch (indicator.kind) {
    case 'ratio': {
      const bad = badEvents(model, indicator, window);
      const share = of(recorded.badShare(window));
      return [
        { record: recorded.events(window), expr: increase(selectSeries(indicator.events), range), labels },
        { record: recorded.badEvents(window), expr: bad, labels },
        { record: recorded.badShare(window), expr: rounded(`${of(recorded.badEvents(window))} / ${some}`), labels },
        value('good' in indicator ? rounded(`1 - ${share}`) : share),
        burn(model, window),
      ];
    }
    case 'quantile': {
      const { name } = indicator.histogram;
      const quantile = model.objective.kind === 'quantile' ? model.objective.quantile : Number.NaN;
      return [
        { record: recorded.events(window), expr: increase(`${name}_count`, range), labels },
        ...model.bounds.flatMap((bound) => {
          const beyond = badLabels(model, bound);
          const within = increase(selectBucket(name, bound), range);
          const bad = select(recorded.badEvents(window), beyond);
          return [
            {
              record: recorded.badEvents(window),
              expr: `clamp_min(${of(recorded.events(window))} - on() ${within}, 0) unless on() ${unbounded(name, bound, range)}`,
              labels: beyond,
            },
            {
              record: recorded.badShare(window),
              expr: rounded(`${bad} / on(slo) ${some}`),
              labels: beyond,
            },
          ];
        }),
        // For display only: interpolated within a bucket. Alerts use counts.
        value(`histogram_quantile(${quantile}, sum by (le) (increase(${name}_bucket[${range}]))) and on() ${some}`),
        burn(model, window),
      ];
    }
    case 'mean':
      return [
        { record: recorded.events(window), expr: increase(selectSeries(indicator.events), range), labels },
        { record: recorded.sum(window), expr: increase(selectSeries(indicator.sum), range), labels },
        value(rounded(`${of(recorded.sum(window))} / ${some}`)),
      ];
    case 'job':
      throw new TypeError(`${model.key} is a ${model.objective.kind}, but its indicator is a job`);
  }
}

/** Over the period: the value, the remaining error budget, and the time until it is exhausted at the current burn rate. */
export function recordBudget(model: ObjectiveModel, indicator: Indicator, windows: { period: Window; pace: Window }) {
  const { objective, budget } = model;
  const { period, pace } = windows;
  const overPeriod = recordWindow({ ...model, bounds: [objective.target] }, indicator, period).filter(
    ({ record }) => record !== recorded.burnRate(period),
  );
  if (budget === null) return overPeriod;
  const labels = { slo: objective.name };
  const left = select(recorded.budgetRemaining, labels);
  return [
    ...overPeriod,
    {
      record: recorded.budgetRemaining,
      expr: rounded(
        `1 - sum by (slo) (${select(recorded.badShare(period), badLabels(model, objective.target))}) / ${budget}`,
      ),
      labels,
    },
    {
      record: recorded.timeToExhaustion,
      expr: `clamp_min(${left}, 0) * ${period.seconds} / (${select(recorded.burnRate(pace), labels)} > 0)`,
      labels,
    },
  ];
}

function burn(model: ObjectiveModel, window: Window): RecordingRule {
  const { name, target } = model.objective;
  const share = select(recorded.badShare(window), badLabels(model, target));
  return {
    record: recorded.burnRate(window),
    expr: `sum by (slo) (${share}) / ${model.budget}`,
    labels: { slo: name },
  };
}

/**
 * True if some answers in the window were counted before this bound existed: all of them would appear to be beyond it.
 * Each scrape has both series, so the number of samples must be equal.
 */
function unbounded(histogram: string, bound: number, range: string): string {
  const samples = (series: string) => `sum(count_over_time(${series}[${range}]))`;
  return `(${samples(`${histogram}_count`)} > (${samples(selectBucket(histogram, bound))} or vector(0)))`;
}

/** A label value that never occurred has no series, which counts as zero. */
function badEvents(model: ObjectiveModel, indicator: Indicator & { kind: 'ratio' }, window: Window): string {
  const range = formatDuration(window.seconds);
  const events = select(recorded.events(window), { slo: model.objective.name });
  const counted = 'good' in indicator ? indicator.good : indicator.bad;
  const count = `(${increase(selectSeries(counted), range)} or vector(0))`;
  return 'good' in indicator ? `clamp_min(${events} - on() ${count}, 0)` : `${count} and on() ${events}`;
}

/** Rounds to a millionth, so that floating-point noise does not push a value beyond its threshold. */
function rounded(expr: string): string {
  return `round(${expr}, 0.000001)`;
}
