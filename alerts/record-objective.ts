/** Recording rules of one objective: its events, the bad ones and its value over every window. */
import type { Indicator } from '../services/catalogue/indicators.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type { ObjectiveModel, Window } from '../services/slo/slo-model.ts';
import { increase, select, selectBucket, selectSeries } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** Labels of the bad events of an objective; quantiles tell beyond which bound. */
export function badLabels({ objective }: ObjectiveModel, bound: number): Readonly<Record<string, string>> {
  return objective.kind === 'quantile' ? { slo: objective.name, beyond: String(bound) } : { slo: objective.name };
}

export function recordWindow(model: ObjectiveModel, indicator: Indicator, window: Window): readonly RecordingRule[] {
  const labels = { slo: model.objective.name };
  const of = (name: string) => select(name, labels);
  const some = `(${of(recorded.events(window))} > 0)`;
  const span = formatDuration(window.seconds);
  const value = (expr: string) => ({ record: recorded.value(window), expr, labels });
  switch (indicator.kind) {
    case 'ratio': {
      const bad = badEvents(model, indicator, window);
      const share = of(recorded.badShare(window));
      return [
        { record: recorded.events(window), expr: increase(selectSeries(indicator.events), span), labels },
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
        { record: recorded.events(window), expr: increase(`${name}_count`, span), labels },
        ...model.bounds.flatMap((bound) => {
          const beyond = badLabels(model, bound);
          const within = increase(selectBucket(name, bound), span);
          const bad = select(recorded.badEvents(window), beyond);
          return [
            {
              record: recorded.badEvents(window),
              expr: `clamp_min(${of(recorded.events(window))} - on() ${within}, 0) unless on() ${unbounded(name, bound, span)}`,
              labels: beyond,
            },
            {
              record: recorded.badShare(window),
              expr: rounded(`${bad} / on(slo) ${some}`),
              labels: beyond,
            },
          ];
        }),
        // For the eye: interpolated within a bucket. Alerts count instead.
        value(`histogram_quantile(${quantile}, sum by (le) (increase(${name}_bucket[${span}]))) and on() ${some}`),
        burn(model, window),
      ];
    }
    case 'mean':
      return [
        { record: recorded.events(window), expr: increase(selectSeries(indicator.events), span), labels },
        { record: recorded.sum(window), expr: increase(selectSeries(indicator.sum), span), labels },
        value(rounded(`${of(recorded.sum(window))} / ${some}`)),
      ];
    case 'job':
      throw new TypeError(`${model.key} is measured as a job, and promises a ${model.objective.kind}`);
  }
}

/** A month's account: its value, and how much of the error budget is left, and for how long it lasts if nothing changes. */
export function recordBudget(model: ObjectiveModel, indicator: Indicator, given: { period: Window; pace: Window }) {
  const { objective, budget } = model;
  const { period, pace } = given;
  const kept = recordWindow({ ...model, bounds: [objective.target] }, indicator, period).filter(
    ({ record }) => record !== recorded.burnRate(period),
  );
  if (budget === null) return kept;
  const labels = { slo: objective.name };
  const left = select(recorded.budgetRemaining, labels);
  return [
    ...kept,
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
 * True where some answers of the window were counted without this bound, because it was not promised then: they would all
 * seem to lie beyond it. A scrape has the one and the other, so that there are as many samples of both.
 */
function unbounded(histogram: string, bound: number, span: string): string {
  const samples = (series: string) => `sum(count_over_time(${series}[${span}]))`;
  return `(${samples(`${histogram}_count`)} > (${samples(selectBucket(histogram, bound))} or vector(0)))`;
}

/** A label value that never came up has no series; then nothing of it happened. */
function badEvents(model: ObjectiveModel, indicator: Indicator & { kind: 'ratio' }, window: Window): string {
  const span = formatDuration(window.seconds);
  const events = select(recorded.events(window), { slo: model.objective.name });
  const counted = 'good' in indicator ? indicator.good : indicator.bad;
  const count = `(${increase(selectSeries(counted), span)} or vector(0))`;
  return 'good' in indicator ? `clamp_min(${events} - on() ${count}, 0)` : `${count} and on() ${events}`;
}

/** To a millionth, so that a value exactly at a threshold is not beyond it by a rounding error. */
function rounded(expr: string): string {
  return `round(${expr}, 0.000001)`;
}
