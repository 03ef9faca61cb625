/** The objectives: current value, value per window, and value over time. */
import { alertName } from '../../../alerts/alert-objective.ts';
import { formatValue } from '../../../alerts/format-value.ts';
import { select } from '../../../alerts/promql.ts';
import { dashboards, dashboardTitles, runbookFile } from '../../../services/catalogue/links.ts';
import { recorded } from '../../../services/catalogue/recorded-series.ts';
import { workerMetrics } from '../../../services/catalogue/worker-metrics.ts';
import { exact } from '../../../services/slo/error-budget.ts';
import { indicatorNames } from '../../../services/slo/indicator-names.ts';
import type { Objective } from '../../../services/slo/objectives.ts';
import type { JobModel, Window } from '../../../services/slo/slo-model.ts';
import { thresholdSteps } from '../../../services/slo/threshold-steps.ts';
import type { DashboardContext } from '../../context.ts';
import { type Link, overrides, valueMapping } from '../../overrides.ts';
import { statPanel, tablePanel, timeSeriesPanel } from '../../panel-builders.ts';
import { instantQuery, type Query, rangeQuery, tableQuery } from '../../queries.ts';
import { colours, statusSteps, targetLines } from '../../theme.ts';
import { joinBy, numericColumn } from '../../transformations.ts';

const units: Readonly<Record<Objective['unit'], { unit: string; decimals: number; min?: number; max?: number }>> = {
  ratio: { unit: 'percentunit', decimals: 1, min: 0, max: 1 },
  seconds: { unit: 's', decimals: 2, min: 0 },
  jpy: { unit: 'currencyJPY', decimals: 2, min: 0 },
  score: { unit: 'none', decimals: 2, min: 0, max: 1 },
};

/** Short enough for the title of a narrow panel. Of several objectives on one indicator, each has its own title. */
export function shortTitle({ slo }: DashboardContext, objective: Objective): string {
  const alike = ({ objective: other }: { objective: Objective }) =>
    other.indicator === objective.indicator &&
    (objective.kind !== 'quantile' || (other.kind === 'quantile' && other.quantile === objective.quantile));
  if (slo.objectives.filter(alike).length > 1) return objective.title;
  const { short } = indicatorNames[objective.indicator];
  return objective.kind === 'quantile' ? `${short}P${exact(objective.quantile * 100)}` : short;
}

/** A target of a tenth of a percent needs two decimals. */
export function formatOf({ unit, target }: Objective) {
  const format = units[unit];
  return unit === 'ratio' && target < 0.01 ? { ...format, decimals: 2 } : format;
}

/** The value of the last hour, coloured by its status. */
export function currentValue(context: DashboardContext, objective: Objective) {
  const { decimals, unit } = formatOf(objective);
  const title = shortTitle(context, objective);
  return statPanel({
    // Narrow: the table below names the target.
    title: `${title}, 1 h`,
    description: `${objective.title} over the last hour. ${actionText(objective)}`,
    unit,
    decimals,
    steps: statusSteps(thresholdSteps(objective)),
    queries: [rangeQuery(worst(objective, recorded.value(windowOf(context, '1h'))), title)],
    sparkline: true,
    links: [causeLink(objective), runbookLink(context, objective.name)],
  });
}

export function rollupOf({ slo }: DashboardContext): JobModel | undefined {
  return slo.jobs.find(({ objective }) => objective.indicator === 'rollup');
}

/** Time since the last successful daily rollup, which has an objective of its own. */
export function rollupAge(context: DashboardContext) {
  const job = rollupOf(context);
  const late = job?.lateAfter;
  return statPanel({
    title: 'Rollup age',
    description: `Time since the last successful daily rollup of any worker. ${
      job === undefined
        ? 'It has no objective. Check the log of the worker if it exceeds a day.'
        : `The rollup runs every ${job.objective.everyHours} h and is late after ${job.lateAfter.warning / 3_600} h. If it is late: ${lowerFirst(job.objective.action)}.`
    }`,
    unit: 'dtdurations',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      ...(late === undefined
        ? []
        : [
            { value: late.warning, color: colours.warn },
            { value: late.critical, color: colours.bad },
          ]),
    ],
    noValue: 'no rollup',
    queries: [instantQuery(`time() - max(${workerMetrics.rollupLastSuccess.name})`, 'since the last success')],
    links: [
      {
        title: 'Runbook',
        url: `${context.links.runbooks}/${job === undefined ? 'README.md' : runbookFile(alertName(`${job.objective.name}_late`))}`,
      },
    ],
  });
}

/** One row per window, one column per objective. */
export function objectivesByWindow(context: DashboardContext) {
  const { slo } = context;
  const windows = [...slo.windows, slo.period];
  const refs = new Map(
    slo.objectives.map(({ objective }, index) => [objective, `Value #${String.fromCharCode(65 + index)}`]),
  );
  const queries: readonly Query[] = slo.objectives.map(({ objective }) => {
    const valueOver = (window: Window) =>
      `label_replace(${worst(objective, recorded.value(window), 'slo')}, "window", "${window.seconds}", "", "")`;
    return tableQuery(`sum by (window) (\n  ${windows.map(valueOver).join('\n  or ')}\n)`);
  });
  const panel = tablePanel({
    title: 'Objectives by window',
    description:
      'Each objective over windows that end now. A new breach colours only the upper rows; a breach that lasts all week colours every row. The shortest windows show whether it continues.',
    unit: 'none',
    queries,
    sortBy: [{ column: 'Window', desc: false }],
  });
  joinBy(panel, 'window', ['window', ...refs.values()]);
  numericColumn(panel, 'window', {
    name: 'Window',
    width: 90,
    mappings: [valueMapping(Object.fromEntries(windows.map((window) => [window.seconds, [windowText(window)]])))],
  });
  for (const { objective } of slo.objectives) {
    const { unit, decimals } = formatOf(objective);
    panel.overrideByName(
      refs.get(objective) ?? '',
      overrides({
        name: `${shortTitle(context, objective)} ${targetText(objective)}`,
        unit,
        decimals,
        steps: statusSteps(thresholdSteps(objective)),
        coloured: true,
        narrow: true,
        // Columns with a short title leave room for the others.
        ...((objective.unit === 'seconds' || objective.unit === 'jpy') && { width: 92 }),
        noValue: '–',
      }),
    );
  }
  return panel;
}

/** The values over one hour and over five minutes, at each moment. */
export function valueOverTime(context: DashboardContext, objective: Objective) {
  const { min, max, unit } = units[objective.unit];
  const steps = thresholdSteps(objective);
  const largest = Math.max(...steps.map(({ from }) => from ?? 0));
  const value = (window: string) => worst(objective, recorded.value(windowOf(context, window)));
  return timeSeriesPanel({
    title: `${objective.title} over time (target ${targetText(objective)})`,
    description: `${objective.title} over one hour (thick) and over five minutes (thin). Dashed: ${thresholdText(objective)}. ${actionText(objective)}`,
    unit,
    ...(min !== undefined && { min }),
    ...(max !== undefined && objective.direction === 'atLeast' && { max }),
    softMax: objective.direction === 'atLeast' ? 1 : largest * 1.2,
    steps: targetLines(steps),
    showSteps: true,
    queries: [rangeQuery(value('1h'), '1 h'), rangeQuery(value('5m'), '5 min')],
    links: [causeLink(objective), runbookLink(context, objective.name)],
  })
    .overrideByName('1 h', overrides({ colour: colours.good }))
    .overrideByName('5 min', overrides({ colour: colours.other, thin: true }));
}

/** Keeps the time range. */
export function causeLink({ indicator }: Objective): Link {
  const id = indicatorNames[indicator].dashboard;
  return {
    title: `Details: ${dashboardTitles[id]}`,
    url: `/d/${dashboards[id]}?\${__url_time_range}&\${__all_variables}`,
  };
}

/** Of several services or deployments, the one furthest from the target. */
export function worst({ name, direction }: Objective, series: string, ...by: readonly string[]): string {
  const operator = direction === 'atLeast' ? 'min' : 'max';
  return `${operator}${by.length === 0 ? ' ' : ` by (${by.join(', ')}) `}(${select(series, { slo: name })})`;
}

function actionText({ action }: Objective): string {
  return action === undefined
    ? 'It has no alert; the daily compliance includes it.'
    : `If the target is breached: ${lowerFirst(action)}.`;
}

function thresholdText({ target, warning, critical, unit }: Objective): string {
  return [
    `target ${formatValue(target, unit)}`,
    ...(warning === undefined ? [] : [`warning ${formatValue(warning, unit)}`]),
    ...(critical === undefined ? [] : [`critical ${formatValue(critical, unit)}`]),
  ].join(', ');
}

export function targetText({ direction, target, unit }: Objective): string {
  const sign = { atLeast: '≥', atMost: '≤', below: '<' }[direction];
  return `${sign} ${formatValue(target, unit)}`;
}

export function windowOf({ slo }: DashboardContext, name: string): Window {
  const window = [...slo.windows, slo.period].find((each) => each.name === name);
  if (window === undefined) throw new Error(`no recording rules for window ${name}`);
  return window;
}

/** The runbook of the objective's alert, or the index of runbooks if it has no alert. */
export function runbookLink(context: DashboardContext, name: string): Link {
  const found = context.slo.objectives.find(({ objective }) => objective.name === name);
  const file = found === undefined || found.thresholds.length === 0 ? 'README.md' : runbookFile(alertName(name));
  return { title: 'Runbook', url: `${context.links.runbooks}/${file}` };
}

function windowText({ name }: Window): string {
  return name
    .replace(/(\d+)m$/, '$1 min')
    .replace(/(\d+)h$/, '$1 h')
    .replace(/^1d$/, '1 day')
    .replace(/(\d+)d$/, '$1 days');
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
