/** `cli -- slo explain`: the arithmetic of an objective's alerts. */
import { alertName } from '../../alerts/alert-objective.ts';
import { formatValue } from '../../alerts/format-value.ts';
import { defaultContext } from '../../dashboards/context.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { formatDuration } from '../../services/slo/duration.ts';
import { exact } from '../../services/slo/error-budget.ts';
import { indicatorNames } from '../../services/slo/indicator-names.ts';
import type { JobModel, ObjectiveModel, ThresholdAlert, WindowCondition } from '../../services/slo/slo-model.ts';

/** @throws {Error} with the names that exist */
export function explain(name: string): string {
  const { slo } = defaultContext();
  const models = [...slo.objectives, ...slo.ofServices].filter(({ objective }) => objective.name === name);
  const job = slo.jobs.find(({ objective }) => objective.name === name);
  if (job !== undefined) return explainJob(job);
  if (models.length === 0) {
    const names = [...slo.objectives, ...slo.jobs].map(({ objective }) => objective.name);
    throw new Error(`There is no objective "${name}". Choose one of: ${[...new Set(names)].join(', ')}`);
  }
  return models.map((model) => explainObjective(model)).join('\n');
}

function explainObjective(model: ObjectiveModel): string {
  const { objective, services, budget, thresholds, budgetAlert } = model;
  const { title, name, indicator, unit, direction, target } = objective;
  const { event, badEvent } = indicatorNames[indicator];
  const sign = { atLeast: 'at least', atMost: 'at most', below: 'below' }[direction];
  const lines = [
    `${title} (${name})${servicesText(services)}: ${sign} ${formatValue(target, unit)}`,
    `  Indicator: ${indicator}. Event: ${event}.${badEvent === '' ? '' : ` Bad event: ${badEvent}.`}`,
  ];
  if (budget === null) {
    lines.push('  A mean has no error budget: no single event is bad.');
  } else {
    const perMonth = exact(budget * 10_000);
    lines.push(
      `  Error budget: ${budgetArithmetic(model)} = ${formatValue(budget, 'ratio')} of events over ${alertPolicy.period}: ${perMonth} of 10,000 may be bad.`,
    );
  }
  if (thresholds.length === 0) lines.push('  No alert: neither warning nor critical is set.');
  for (const alert of thresholds) lines.push(...explainThreshold(model, alert));
  if (budgetAlert !== null && budget !== null) {
    lines.push(`  ${alertName(`${name}_budget`)} (warning) fires while the budget burns too fast, for any of:`);
    for (const { long, short, factor, budgetShare, guard } of budgetAlert.conditions) {
      const share = exact(factor * budget);
      lines.push(
        `    ${long.name} and ${short.name}: ${formatValue(budgetShare, 'ratio')} of the budget in ${long.name}: burn rate ${budgetShare} × ${alertPolicy.period} ÷ ${long.name} = ${factor}, ${factor} × ${budget} = ${formatValue(share, 'ratio')} of events`,
        `      ${significance(guard)}; if every event is bad, after ${soonest(long.seconds, share)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function servicesText(services: ObjectiveModel['services']): string {
  if (services === null) return '';
  return 'only' in services ? ` for ${services.only}` : ` for all services but ${services.except.join(', ')}`;
}

function budgetArithmetic({ objective }: ObjectiveModel): string {
  if (objective.kind === 'quantile') return `1 − ${objective.quantile}`;
  return objective.direction === 'atLeast' ? `1 − ${objective.target}` : String(objective.target);
}

function explainThreshold({ objective }: ObjectiveModel, alert: ThresholdAlert): readonly string[] {
  const { name, unit, direction, kind } = objective;
  const side = direction === 'atLeast' ? 'below' : 'above';
  const { severity, threshold, badShare, conditions, when } = alert;
  const what =
    kind === 'quantile'
      ? `more than ${formatValue(badShare ?? 0, 'ratio')} of answers take longer than ${formatValue(threshold, unit)}`
      : `the value is ${side} ${formatValue(threshold, unit)}`;
  return [
    `  ${alertName(name)} (${severity}${when === 'always' ? '' : `, by ${when}`}) fires if ${what}, over both windows of any pair:`,
    ...conditions.map(
      ({ long, short, guard }) =>
        `    ${long.name} and ${short.name}: ${significance(guard)}${badShare === null ? '' : `; if every event is bad, after ${soonest(long.seconds, badShare)}`}`,
    ),
    `    and lasts ${alertPolicy.for}. It resolves ${alertPolicy.keepFiringFor} after the condition ends.`,
  ];
}

/** From how many events on the threshold decides, and what chance explains below. */
function significance({ perEvent, perRoot, constant, sufficientEvents }: WindowCondition['guard']): string {
  const explained = `random variation explains ${perEvent} × n + ${perRoot} × √n + ${constant}`;
  // A burn rate of 1 never differs from a service exactly at its target by the threshold alone.
  if (!Number.isFinite(sufficientEvents)) return explained;
  return `${explained}; from ${sufficientEvents.toLocaleString('en')} events on, the threshold alone decides`;
}

/** Until a complete outage fills this share of the window, with constant traffic, and then the alert's own delay. */
function soonest(window: number, share: number): string {
  return formatDuration(Math.ceil(share * window) + 60);
}

function explainJob({ objective, lateAfter }: JobModel): string {
  const { title, name, everyHours, graceHours, warning, critical } = objective;
  const hours = (seconds: number) => exact(seconds / 3_600);
  return `${title} (${name}): one success every ${everyHours} h
  ${alertName(name)} fires after ${warning} failed (warning) and ${critical} failed runs in a row (critical).
  ${alertName(`${name}_late`)} fires when the last success is older than ${everyHours} + ${graceHours} = ${hours(lateAfter.warning)} h (warning) and 2 × ${everyHours} + ${graceHours} = ${hours(lateAfter.critical)} h (critical).
`;
}
