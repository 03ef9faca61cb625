/** Recording rules of one objective: events, bad events and value over every window. */
import type { Indicator } from '../services/catalogue/indicators.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type { ObjectiveModel, Window } from '../services/slo/slo-model.ts';
import { type Scope, select, selectBucket, selectSeries } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** Labels of an objective's bad events. Quantiles add the bound. */
export function badLabels({ objective }: ObjectiveModel, bound: number): Readonly<Record<string, string>> {
  return objective.kind === 'quantile' ? { slo: objective.name, beyond: String(bound) } : { slo: objective.name };
}

/** Labels of the recorded series. Those of a single service name it, so that no two rules record under the same labels. */
function recordedLabels({ objective, services }: ObjectiveModel): Readonly<Record<string, string>> {
  return { slo: objective.name, ...(services !== null && 'only' in services && { service: services.only }) };
}

export function recordWindow(
  model: ObjectiveModel,
  indicator: Indicator,
  window: Window,
  scope: Scope,
): readonly RecordingRule[] {
  const labels = recordedLabels(model);
  const { services } = model;
  const of = (name: string) => select(name, { slo: model.objective.name }, services);
  const some = `(${of(recorded.events(window))} > 0)`;
  const range = formatDuration(window.seconds);
  const value = (expr: string) => ({ record: recorded.value(window), expr, labels });
  const increase = (series: string) => scope.increase(series, range);
  const events = (series: string) => ({ record: recorded.events(window), expr: increase(series), labels });
  switch (indicator.kind) {
    case 'ratio': {
      const bad = badEvents(model, indicator, window, scope);
      const share = of(recorded.badShare(window));
      return [
        events(selectSeries(indicator.events, services)),
        { record: recorded.badEvents(window), expr: bad, labels },
        { record: recorded.badShare(window), expr: rounded(`${of(recorded.badEvents(window))} / ${some}`), labels },
        value('good' in indicator ? rounded(`1 - ${share}`) : share),
        burn(model, window, scope),
      ];
    }
    case 'quantile': {
      const { name } = indicator.histogram;
      const quantile = model.objective.kind === 'quantile' ? model.objective.quantile : Number.NaN;
      return [
        events(select(`${name}_count`, {}, services)),
        ...model.bounds.flatMap((bound) => {
          const beyond = badLabels(model, bound);
          const within = increase(selectBucket(name, bound, services));
          const bad = select(recorded.badEvents(window), beyond, services);
          return [
            {
              record: recorded.badEvents(window),
              expr: `clamp_min(${of(recorded.events(window))} - ${scope.on} ${within}, 0) unless ${scope.on} ${unbounded(model, name, bound, range, scope)}`,
              labels: { ...beyond, ...labels },
            },
            {
              record: recorded.badShare(window),
              expr: rounded(`${bad} / ${onObjective(scope)} ${some}`),
              labels: { ...beyond, ...labels },
            },
          ];
        }),
        // For display only: interpolated within a bucket. Alerts use counts.
        value(
          `histogram_quantile(${quantile}, ${scope.increase(select(`${name}_bucket`, {}, services), range, 'le')}) and ${scope.on} ${some}`,
        ),
        burn(model, window, scope),
      ];
    }
    case 'mean':
      return [
        events(selectSeries(indicator.events, services)),
        { record: recorded.sum(window), expr: increase(selectSeries(indicator.sum, services)), labels },
        value(rounded(`${of(recorded.sum(window))} / ${some}`)),
      ];
    case 'job':
      throw new TypeError(`${model.key} is a ${model.objective.kind}, but its indicator is a job`);
  }
}

/** Over the period: the value, the remaining error budget, and the time until it is exhausted at the current burn rate. */
export function recordBudget(
  model: ObjectiveModel,
  indicator: Indicator,
  windows: { period: Window; pace: Window },
  scope: Scope,
) {
  const { objective, budget } = model;
  const { period, pace } = windows;
  const overPeriod = recordWindow({ ...model, bounds: [objective.target] }, indicator, period, scope).filter(
    ({ record }) => record !== recorded.burnRate(period),
  );
  if (budget === null) return overPeriod;
  const labels = recordedLabels(model);
  const of = (name: string) => select(name, { slo: objective.name }, model.services);
  const left = of(recorded.budgetRemaining);
  return [
    ...overPeriod,
    {
      record: recorded.budgetRemaining,
      expr: rounded(
        `1 - ${perObjective(scope)} (${select(recorded.badShare(period), badLabels(model, objective.target), model.services)}) / ${budget}`,
      ),
      labels,
    },
    {
      record: recorded.timeToExhaustion,
      expr: `clamp_min(${left}, 0) * ${period.seconds} / (${of(recorded.burnRate(pace))} > 0)`,
      labels,
    },
  ];
}

function burn(model: ObjectiveModel, window: Window, scope: Scope): RecordingRule {
  const { target } = model.objective;
  const share = select(recorded.badShare(window), badLabels(model, target), model.services);
  return {
    record: recorded.burnRate(window),
    expr: `${perObjective(scope)} (${share}) / ${model.budget}`,
    labels: recordedLabels(model),
  };
}

/** Recorded series of one objective differ in these labels only. */
export function onObjective({ labels }: Scope): string {
  return `on (${['slo', ...labels].join(', ')})`;
}

/** Removes the bound. */
function perObjective({ labels }: Scope): string {
  return `sum by (${['slo', ...labels].join(', ')})`;
}

/**
 * True if some answers in the window were counted before this bound existed: all of them would appear to be beyond it.
 * Each scrape has both series, so the number of samples must be equal.
 */
function unbounded(
  { services }: ObjectiveModel,
  histogram: string,
  bound: number,
  range: string,
  scope: Scope,
): string {
  const samples = (series: string) => scope.sum(`count_over_time(${series}[${range}])`);
  const all = samples(select(`${histogram}_count`, {}, services));
  return `(${all} > (${samples(selectBucket(histogram, bound, services))} or 0 * ${all}))`;
}

/** A label value that never occurred has no series, which counts as zero where there are events. */
function badEvents(model: ObjectiveModel, indicator: Indicator & { kind: 'ratio' }, window: Window, scope: Scope) {
  const range = formatDuration(window.seconds);
  const { services } = model;
  const events = select(recorded.events(window), { slo: model.objective.name }, services);
  const counted = 'good' in indicator ? indicator.good : indicator.bad;
  const count = `(${scope.increase(selectSeries(counted, services), range)} or ${scope.on} 0 * ${events})`;
  return 'good' in indicator ? `clamp_min(${events} - ${scope.on} ${count}, 0)` : `${count} and ${scope.on} ${events}`;
}

/** Rounds to a millionth, so that floating-point noise does not push a value beyond its threshold. */
function rounded(expr: string): string {
  return `round(${expr}, 0.000001)`;
}
