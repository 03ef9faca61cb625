/** Alerts of one objective: on its thresholds, on its error budget, and on a job that fails or is late. */
import type { Indicator } from '../services/catalogue/indicators.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import type {
  BudgetAlert,
  JobModel,
  ObjectiveModel,
  Rung,
  SloModel,
  ThresholdAlert,
} from '../services/slo/slo-model.ts';
import { severities } from '../services/slo/slo-model.ts';
import { spanOf } from '../services/slo/span.ts';
import { formatValue } from './format-value.ts';
import { select } from './promql.ts';
import { badLabels } from './record-objective.ts';
import type { Alert } from './rule.ts';

/** `citation_rate` → `RagCitationRate` */
export function alertName(slo: string): string {
  return `Rag${slo.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase())}`;
}

export function alertOnThreshold(slo: SloModel, model: ObjectiveModel, alert: ThresholdAlert): Alert {
  const { objective } = model;
  const { name, title, unit, direction, promise, action = '' } = objective;
  const { threshold, severity } = alert;
  const sign = direction === 'atLeast' ? '<' : '>';
  const beyond = direction === 'atLeast' ? 'below' : 'above';
  const quantile = objective.kind === 'quantile';
  const promised = `promised: ${direction === 'atLeast' ? 'at least' : direction === 'below' ? 'below' : 'at most'} ${formatValue(promise, unit)}`;
  const labels = badLabels(model, threshold);
  const condition = quantile
    ? (window: Rung['long']) => `${select(recorded.badShare(window), labels)} > ${alert.badShare}`
    : (window: Rung['long']) => `${select(recorded.value(window), { slo: name })} ${sign} ${threshold}`;
  const expr = anyOf(
    alert.rungs.map((rung) => [condition(rung.long), condition(rung.short), ...believed(slo, model, threshold, rung)]),
  );
  const summary = quantile
    ? `${title} is above ${formatValue(threshold, unit)}: {{ $value | humanizePercentage }} of answers took longer (${promised}).`
    : `${title}: {{ $value${unit === 'ratio' ? ' | humanizePercentage' : ' | printf "%.4g"'} }}, ${beyond} ${formatValue(threshold, unit)} (${promised}).`;
  return {
    alert: alertName(name),
    service: 'rag-chat',
    slo: name,
    severity,
    // Quantiles keep the label `beyond`, which would make two alerts of one.
    expr: quantile ? `max by (slo) (\n${indented(expr)}\n)` : expr,
    for: spanOf(slo.hold),
    keepFor: spanOf(slo.keep),
    summary,
    action,
    board: 'slo',
  };
}

export function alertOnBudget(slo: SloModel, model: ObjectiveModel, alert: BudgetAlert): Alert {
  const { objective } = model;
  const name = `${objective.name}_budget`;
  const expr = anyOf(
    alert.rungs.map((rung) => [
      `${select(recorded.burnRate(rung.long), { slo: objective.name })} > ${rung.factor}`,
      `${select(recorded.burnRate(rung.short), { slo: objective.name })} > ${rung.factor}`,
      ...believed(slo, model, objective.promise, rung),
    ]),
  );
  const paces = alert.rungs.map(({ spend, long }) => `${spend * 100} % in ${long.name}`).join(', ');
  return {
    alert: alertName(name),
    service: 'rag-chat',
    slo: name,
    severity: alert.severity,
    expr,
    for: spanOf(slo.hold),
    keepFor: spanOf(slo.keep),
    summary: `${objective.title}: the error budget of ${slo.period.name} is spent {{ $value | printf "%.3g" }} times as fast as it may be (told from ${paces} on).`,
    action: objective.action ?? '',
    board: 'slo',
  };
}

/** What tells a breach from bad luck: enough bad events, and more of them than chance makes at the promise. */
function believed(slo: SloModel, model: ObjectiveModel, bound: number, { long, guard }: Rung): readonly string[] {
  const { objective } = model;
  const events = select(recorded.events(long), { slo: objective.name });
  const { perEvent, perRoot, constant } = guard;
  if (objective.kind === 'mean') {
    const sum = select(recorded.sum(long), { slo: objective.name });
    const [sign, side] = objective.direction === 'atLeast' ? ['<', '-'] : ['>', '+'];
    return [
      `${sum} ${sign} ${perEvent} * ${events} ${side} ${perRoot} * sqrt(${events}) ${side} ${constant}`,
      `${events} >= ${slo.leastEvidence}`,
    ];
  }
  const bad = select(recorded.badEvents(long), badLabels(model, bound));
  return [
    `${bad} > on(slo) ${perEvent} * ${events} + ${perRoot} * sqrt(${events}) + ${constant}`,
    `${bad} >= ${slo.leastEvidence}`,
  ];
}

/** Each list is one way to fire; `and` binds closer than `or`. */
function anyOf(ways: readonly (readonly string[])[]): string {
  return ways
    .map((conditions) => conditions.map((each, index) => `${index === 0 ? '' : 'and on(slo) '}${each}`).join('\n  '))
    .join('\nor on(slo)\n');
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

export function alertsOnJob(slo: SloModel, { objective, lateAfter }: JobModel, indicator: Indicator): readonly Alert[] {
  if (indicator.kind !== 'job')
    throw new TypeError(`${objective.name} is a job, and is measured as a ${indicator.kind}`);
  const failures = `max(${indicator.failures.name})`;
  const lastSuccess = `max(${indicator.lastSuccess.name})`;
  const common = { service: 'rag-worker', for: spanOf(slo.hold), action: objective.action, board: 'watchers' } as const;
  return severities.flatMap((severity) => [
    {
      ...common,
      alert: alertName(objective.name),
      slo: objective.name,
      severity,
      expr: `${failures} >= ${objective[severity]}`,
      summary: `${objective.title}: {{ $value }} failed in a row (promised: a run every ${objective.everyHours} hours).`,
    },
    {
      ...common,
      alert: alertName(`${objective.name}_late`),
      slo: `${objective.name}_late`,
      severity,
      expr: `time() - ${lastSuccess} > ${lateAfter[severity]}`,
      summary: `${objective.title}: the last success was {{ $value | humanizeDuration }} ago (promised: every ${objective.everyHours} hours).`,
    },
  ]);
}
