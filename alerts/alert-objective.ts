/** Alerts of one objective: on its thresholds, on its error budget, and on a job that fails or is overdue. */
import type { Indicator } from '../services/catalogue/indicators.ts';
import { recorded } from '../services/catalogue/recorded-series.ts';
import type { Guard } from '../services/slo/chance.ts';
import { builtInService } from '../services/slo/deployment.ts';
import { formatDuration } from '../services/slo/duration.ts';
import type {
  BudgetAlert,
  JobModel,
  ObjectiveModel,
  SloModel,
  ThresholdAlert,
  Window,
  WindowCondition,
} from '../services/slo/slo-model.ts';
import { severities } from '../services/slo/slo-model.ts';
import { formatValue } from './format-value.ts';
import { beyondChance } from './operation/beyond-chance.ts';
import { componentScope, type Scope, select, serviceScope } from './promql.ts';
import { badLabels, onObjective } from './record-objective.ts';
import type { Alert } from './rule.ts';
import { deploymentText, details, valueNow } from './summary-parts.ts';

/** The service of the series. Series from before the label existed are the built-in chat's. */
export const alertingService = `{{ or $labels.service "${builtInService}" }}`;

/** `citation_rate` → `RagCitationRate` */
export function alertName(slo: string): string {
  return `Rag${slo.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase())}`;
}

export function alertOnThreshold(slo: SloModel, model: ObjectiveModel, alert: ThresholdAlert): Alert {
  const { objective } = model;
  const { name, title, unit, direction, target, action = '' } = objective;
  const { threshold, severity } = alert;
  const [sign, side] = direction === 'atLeast' ? ['<', 'below'] : ['>', 'above'];
  const quantile = objective.kind === 'quantile';
  const objectiveText = `objective: ${{ atLeast: 'at least', atMost: 'at most', below: 'below' }[direction]} ${formatValue(target, unit)}`;
  const labels = badLabels(model, threshold);
  const scope = serviceScope(slo.deployment);
  const compared = (window: Window, comparison: string) =>
    quantile
      ? `${select(recorded.badShare(window), labels, model.services)} ${comparison} ${alert.badShare}`
      : `${select(recorded.value(window), { slo: name }, model.services)} ${comparison} ${threshold}`;
  const breached = (window: Window) => compared(window, sign);
  const within = (window: Window) => compared(window, sign === '<' ? '>=' : '<=');
  const expr = anyOf(
    alert.conditions.map((condition) => [
      breached(condition.long),
      breached(condition.short),
      ...significant(slo, model, { bound: threshold, condition, scope }),
      ...unlessRecovered(slo, model, {
        bound: threshold,
        condition,
        scope,
        within,
      }),
    ]),
    scope,
  );
  const now = valueNow(model, alert.conditions, scope);
  const more = details(model, alert.conditions, { bad: labels, scope });
  const summary = `${title}: ${now}, alerts ${side} ${formatValue(threshold, unit)} (${objectiveText}).${more}`;
  return {
    alert: alertName(name),
    service: serviceOf(model),
    slo: name,
    severity,
    ...(alert.when !== 'always' && { when: alert.when }),
    // Quantiles keep the label `beyond`, which would split one alert into two.
    expr: during(
      alert.when,
      slo,
      quantile ? `max by (${['slo', ...scope.labels].join(', ')}) (\n${indented(expr)}\n)` : expr,
    ),
    for: formatDuration(slo.for),
    keepFiringFor: formatDuration(slo.keepFiringFor),
    summary,
    action,
    dashboard: 'slo',
  };
}

function serviceOf({ services }: ObjectiveModel): string {
  return services !== null && 'only' in services ? services.only : alertingService;
}

/** Restricts an expression to the night or the day. */
function during(when: ThresholdAlert['when'], { night: { from, to } }: SloModel, expr: string): string {
  if (when === 'always') return expr;
  const minute = 'hour() * 60 + minute()';
  const isNight = `(${minute} >= ${from} ${from < to ? 'and' : 'or'} ${minute} < ${to})`;
  return `(\n${indented(expr)}\n) ${when === 'night' ? 'and' : 'unless'} on () ${isNight}`;
}

export function alertOnBudget(slo: SloModel, model: ObjectiveModel, alert: BudgetAlert): Alert {
  const { objective } = model;
  const name = `${objective.name}_budget`;
  const scope = serviceScope(slo.deployment);
  const expr = anyOf(
    alert.conditions.map((condition) => [
      `${select(recorded.burnRate(condition.long), { slo: objective.name }, model.services)} > ${condition.factor}`,
      `${select(recorded.burnRate(condition.short), { slo: objective.name }, model.services)} > ${condition.factor}`,
      ...significant(slo, model, { bound: objective.target, condition, scope }),
      ...unlessRecovered(slo, model, {
        bound: objective.target,
        condition,
        scope,
        within: (window) =>
          `${select(recorded.burnRate(window), { slo: objective.name }, model.services)} <= ${condition.factor}`,
      }),
    ]),
    scope,
  );
  const limits = alert.conditions.map(({ factor, long }) => `${factor} over ${long.name}`).join(', ');
  return {
    alert: alertName(name),
    service: serviceOf(model),
    slo: name,
    severity: alert.severity,
    expr,
    for: formatDuration(slo.for),
    keepFiringFor: formatDuration(slo.keepFiringFor),
    summary: `${objective.title}: ${valueNow(model, alert.conditions, scope)}. The ${slo.period.name} error budget burns {{ $value | printf "%.1f" }} times as fast as allowed (limits: ${limits}).${details(model, alert.conditions, { bad: badLabels(model, objective.target), scope })}`,
    action: objective.action ?? '',
    dashboard: 'slo',
  };
}

/** More bad events over the period than the budget allows, and than chance explains. */
export function alertOnExhaustedBudget(slo: SloModel, model: ObjectiveModel, guard: Guard): Alert {
  const { objective, services } = model;
  const name = `${objective.name}_budget_exhausted`;
  const scope = serviceScope(slo.deployment);
  const on = onObjective(scope);
  const events = select(recorded.events(slo.period), { slo: objective.name }, services);
  const bad = select(recorded.badEvents(slo.period), badLabels(model, objective.target), services);
  const left = select(recorded.budgetRemaining, { slo: objective.name }, services);
  return {
    alert: alertName(name),
    service: serviceOf(model),
    slo: name,
    severity: 'warning',
    expr: [
      `1 - ${left} >= 1`,
      `  and ${on} ${beyondChance(bad, events, guard, on)}`,
      `  and ${on} ${bad} >= ${slo.minEvents}`,
    ].join('\n'),
    for: formatDuration(slo.periodInterval),
    summary: `${objective.title}: the ${slo.period.name} error budget is exhausted: {{ $value | humanizePercentage }} of it is used.${deploymentText(scope)}`,
    action: 'Postpone risky changes and find what used the budget',
    dashboard: 'slo',
  };
}

/** Enough bad events, and more of them than chance alone produces while the service meets its target. */
function significant(
  slo: SloModel,
  model: ObjectiveModel,
  { bound, condition, scope }: { bound: number; condition: WindowCondition; scope: Scope },
): readonly string[] {
  const { objective } = model;
  const { long, guard } = condition;
  const events = select(recorded.events(long), { slo: objective.name }, model.services);
  if (objective.kind === 'mean') {
    const { perEvent, perRoot, constant } = guard;
    const sum = select(recorded.sum(long), { slo: objective.name }, model.services);
    const [sign, side] = objective.direction === 'atLeast' ? ['<', '-'] : ['>', '+'];
    return [
      `${sum} ${sign} ${perEvent} * ${events} ${side} ${perRoot} * sqrt(${events}) ${side} ${constant}`,
      `${events} >= ${slo.minEvents}`,
    ];
  }
  const bad = select(recorded.badEvents(long), badLabels(model, bound), model.services);
  return [beyondChance(bad, events, guard, onObjective(scope)), `${bad} >= ${slo.minEvents}`];
}

/**
 * The incident has ended: within the limit, and so much better than the short window that random variation does not explain it.
 * Few events show nothing, and the alert goes on.
 * @param within true while the value of the window is within the limit
 */
function unlessRecovered(
  slo: SloModel,
  model: ObjectiveModel,
  {
    bound,
    condition: { short, recovery },
    scope,
    within,
  }: { bound: number; condition: WindowCondition; scope: Scope; within: (window: Window) => string },
): readonly string[] {
  if (recovery === null) return [];
  const { objective, services } = model;
  const { recoveryDeviations: deviations } = slo;
  const on = onObjective(scope);
  const events = select(recorded.events(recovery), { slo: objective.name }, services);
  const better = () => {
    if (objective.kind === 'mean') {
      const mean = select(recorded.value(short), { slo: objective.name }, services);
      const sum = select(recorded.sum(recovery), { slo: objective.name }, services);
      const [sign, side] = objective.direction === 'atLeast' ? ['>', '+'] : ['<', '-'];
      const perRoot = deviations * (objective.spread ?? 1);
      return `${sum} ${sign} ${mean} * (${events} ${side} ${perRoot} * sqrt(${events}))`;
    }
    const share = select(recorded.badShare(short), badLabels(model, bound), services);
    const bad = select(recorded.badEvents(recovery), badLabels(model, bound), services);
    const likely = `${share} * ${on} ${events}`;
    return `${bad} < ${on} ${likely} - ${on} ${deviations} * sqrt(${likely})`;
  };
  return [`unless ${on} (${within(recovery)} and ${on} ${better()})`];
}

/** Each inner list holds the conditions of one window pair. `and` binds more tightly than `or`. */
function anyOf(pairs: readonly (readonly string[])[], scope: Scope): string {
  const on = onObjective(scope);
  return pairs
    .map((conditions) =>
      conditions
        .map((each, index) => (index === 0 || each.startsWith('unless ') ? each : `and ${on} ${each}`))
        .join('\n  '),
    )
    .join(`\nor ${on}\n`);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

export function alertsOnJob(slo: SloModel, { objective, lateAfter }: JobModel, indicator: Indicator): readonly Alert[] {
  if (indicator.kind !== 'job')
    throw new TypeError(`${objective.name} is a job, but its indicator is a ${indicator.kind}`);
  const { max } = componentScope(slo.deployment);
  const failures = max(indicator.failures.name);
  const lastSuccess = max(indicator.lastSuccess.name);
  const common = {
    service: 'rag-worker',
    for: formatDuration(slo.for),
    action: objective.action,
    dashboard: 'monitoring',
  } as const;
  return severities.flatMap((severity) => [
    {
      ...common,
      alert: alertName(objective.name),
      slo: objective.name,
      severity,
      expr: `${failures} >= ${objective[severity]}`,
      summary: `${objective.title}: {{ $value | printf "%.0f" }} runs failed in a row (objective: one success every ${objective.everyHours} hours).`,
    },
    {
      ...common,
      alert: alertName(`${objective.name}_late`),
      slo: `${objective.name}_late`,
      severity,
      expr: `time() - ${lastSuccess} > ${lateAfter[severity]}`,
      summary: `${objective.title}: the last successful run was {{ $value | humanizeDuration }} ago (objective: one every ${objective.everyHours} hours).`,
    },
  ]);
}
