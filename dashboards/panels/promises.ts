/** Panels of the promises: each against its numbers, over every window, and what is left of its error budget. */
import { alertName } from '../../alerts/alert-objective.ts';
import { formatValue } from '../../alerts/format-value.ts';
import { select } from '../../alerts/promql.ts';
import { indicators } from '../../services/catalogue/indicators.ts';
import {
  type DashboardId,
  dashboards,
  dashboardTitles,
  type Links,
  runbookFile,
} from '../../services/catalogue/links.ts';
import { recorded } from '../../services/catalogue/recorded-series.ts';
import type { Objective, ObjectiveKey } from '../../services/slo/objectives.ts';
import type { SloModel, Window } from '../../services/slo/slo-model.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { called, colours, graph, grid, type Link, look, numbers, stepsOf } from '../house-style.ts';
import { linesOf } from '../promise-lines.ts';
import { now, over, type Query, rows } from '../queries.ts';
import { firstColumn, joined } from '../tidy.ts';

export type House = { readonly slo: SloModel; readonly links: Links };

/** As short as a column's head. */
const short: Readonly<Record<ObjectiveKey, string>> = {
  citationRate: 'Cited',
  latencyP50: 'P50',
  latencyP95: 'P95',
  costPerAnswer: 'Cost',
  relevance: 'Score',
  errorRate: 'Errors',
};

const units: Readonly<Record<Objective['unit'], { unit: string; decimals: number; min?: number; max?: number }>> = {
  ratio: { unit: 'percentunit', decimals: 1, min: 0, max: 1 },
  seconds: { unit: 's', decimals: 2, min: 0 },
  jpy: { unit: 'currencyJPY', decimals: 2, min: 0 },
  score: { unit: 'none', decimals: 2, min: 0, max: 1 },
};

/** The board that tells why a promise is broken. */
export const boardOf: Readonly<Record<ObjectiveKey, DashboardId>> = {
  citationRate: 'quality',
  latencyP50: 'requests',
  latencyP95: 'requests',
  costPerAnswer: 'cost',
  relevance: 'quality',
  errorRate: 'requests',
};

/** Errors are few: a tenth of a percent is all there may be. */
const fine = { decimals: 2 };

/** The last hour of one promise, coloured by how it stands. */
export function promiseNow(house: House, key: ObjectiveKey) {
  const objective = objectiveOf(house, key);
  const { decimals, unit } = { ...units[objective.unit], ...(key === 'errorRate' && fine) };
  return numbers({
    title: `${short[key]} ${promised(objective)}`,
    says: `${objective.title}, over the last hour. ${meaning(objective)} No traffic is not good: then it says so.`,
    unit,
    decimals,
    steps: stepsOf(thresholdSteps(objective)),
    queries: [over(select(recorded.value(windowOf(house, '1h')), { slo: objective.name }), short[key])],
    trend: true,
    links: [why(key), whatToDo(house, key)],
  });
}

/** The daily rollup, which is promised too. */
export function rollupNow(house: House) {
  const job = house.slo.jobs.find(({ key }) => key === 'batchJob');
  if (job === undefined) throw new Error('no daily rollup is promised');
  const { objective, lateAfter } = job;
  return numbers({
    title: `Rollup every ${objective.everyHours} h`,
    says: `Time since the daily rollup last succeeded, whichever worker ran it. Late from ${lateAfter.warning / 3_600} hours on. ${objective.action}: look at the board of the watchers.`,
    unit: 'dtdurations',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      { value: lateAfter.warning, color: colours.warn },
      { value: lateAfter.critical, color: colours.bad },
    ],
    empty: 'none known',
    queries: [now(`time() - max(${indicators.batchJob.lastSuccess.name})`, 'since the last success')],
    links: [{ title: 'What to do', url: `${house.links.runbooks}/${runbookFile('RagBatchJobLate')}` }],
  });
}

/** Every promise over every window: a breach that began an hour ago has coloured the upper rows only. */
export function promisesByWindow(house: House) {
  const { slo } = house;
  const windows = [...slo.windows, slo.period];
  const refs = new Map(
    slo.objectives.map(({ objective }, index) => [objective, `Value #${String.fromCharCode(65 + index)}`]),
  );
  const queries: readonly Query[] = slo.objectives.map(({ objective }) => {
    const of = (window: Window) =>
      `label_replace(sum by (slo) (${select(recorded.value(window), { slo: objective.name })}), "window", "${window.seconds}", "", "")`;
    return rows(`sum by (window) (\n  ${windows.map(of).join('\n  or ')}\n)`);
  });
  const panel = grid({
    title: 'Since when: over the last …',
    says: 'Each promise over windows that end now. What broke just now is coloured at the top only; what was bad all week is coloured all the way down. The shorter windows say whether it goes on.',
    unit: 'none',
    queries,
    sortBy: [{ column: 'last', desc: false }],
  });
  joined(panel, 'window', ['window', ...refs.values()]);
  firstColumn(panel, 'window', {
    name: 'last',
    width: 70,
    mappings: [called(Object.fromEntries(windows.map((window) => [window.seconds, [spelled(window)]])))],
  });
  for (const { key, objective } of slo.objectives) {
    const { unit, decimals } = { ...units[objective.unit], ...(key === 'errorRate' && fine) };
    panel.overrideByName(
      refs.get(objective) ?? '',
      look({
        name: `${key === 'costPerAnswer' ? 'Cost' : short[key as ObjectiveKey]} ${promised(objective)}`,
        unit,
        decimals,
        steps: stepsOf(thresholdSteps(objective)),
        painted: true,
        narrow: true,
        empty: '–',
      }),
    );
  }
  return panel;
}

/** How one promise went: the last hour at each moment, and the last five minutes. */
export function promiseTrend(house: House, key: ObjectiveKey) {
  const objective = objectiveOf(house, key);
  const { min, max, unit } = units[objective.unit];
  const steps = thresholdSteps(objective);
  const largest = Math.max(...steps.map(({ from }) => from ?? 0));
  const value = (window: string) => select(recorded.value(windowOf(house, window)), { slo: objective.name });
  return graph({
    title: `${objective.title} ${promised(objective)}, over time`,
    says: `${objective.title}: over an hour (thick) and over five minutes (thin) at each moment. Dashed lines: ${lines(objective)}. ${meaning(objective)}`,
    unit,
    ...(min !== undefined && { min }),
    ...(max !== undefined && objective.direction === 'atLeast' && { max }),
    softMax: objective.direction === 'atLeast' ? 1 : largest * 1.2,
    steps: linesOf(steps),
    showSteps: true,
    queries: [over(value('1h'), '1 h'), over(value('5m'), '5 min')],
    links: [why(key), whatToDo(house, key)],
  })
    .overrideByName('1 h', look({ colour: colours.good }))
    .overrideByName('5 min', look({ colour: colours.other, thin: true }));
}

/** At the time that is shown. */
function why(key: ObjectiveKey): Link {
  const board = boardOf[key];
  return { title: `Why: ${dashboardTitles[board]}`, url: `/d/${dashboards[board]}?\${__url_time_range}` };
}

function meaning({ action, direction }: Objective): string {
  const side = direction === 'atLeast' ? 'below' : 'above';
  return action === undefined
    ? `Nobody is paged ${side} it; the day's row tells.`
    : `If it is missed: ${lower(action)}.`;
}

function lines({ target, warning, critical, unit }: Objective): string {
  return [
    `promised ${formatValue(target, unit)}`,
    ...(warning === undefined ? [] : [`warning ${formatValue(warning, unit)}`]),
    ...(critical === undefined ? [] : [`critical ${formatValue(critical, unit)}`]),
  ].join(', ');
}

export function promised({ direction, target, unit }: Objective): string {
  const sign = { atLeast: '≥', atMost: '≤', below: '<' }[direction];
  return `${sign} ${formatValue(target, unit)}`;
}

function objectiveOf({ slo }: House, key: ObjectiveKey): Objective {
  const model = slo.objectives.find((each) => each.key === key);
  if (model === undefined) throw new Error(`${key} is not promised`);
  return model.objective;
}

export function windowOf({ slo }: House, name: string): Window {
  const window = [...slo.windows, slo.period].find((each) => each.name === name);
  if (window === undefined) throw new Error(`nothing is recorded over ${name}`);
  return window;
}

/** The runbook of the promise's alert, or of all where nobody is paged for it. */
export function whatToDo(house: House, key: ObjectiveKey): Link {
  const { name, critical } = objectiveOf(house, key);
  const file = critical === undefined ? 'README.md' : runbookFile(alertName(name));
  return { title: 'What to do', url: `${house.links.runbooks}/${file}` };
}

function spelled({ name }: Window): string {
  return name
    .replace(/(\d+)m$/, '$1 min')
    .replace(/(\d+)h$/, '$1 h')
    .replace(/^1d$/, '1 day')
    .replace(/(\d+)d$/, '$1 days');
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
