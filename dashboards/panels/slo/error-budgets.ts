/** Error budgets: what remains of 30 days, burn rates, and time to exhaustion. */
import { recorded } from '../../../services/catalogue/recorded-series.ts';
import { alertPolicy } from '../../../services/slo/alert-policy.ts';
import { parseDuration } from '../../../services/slo/duration.ts';
import { burnFactor } from '../../../services/slo/error-budget.ts';
import type { DashboardContext } from '../../context.ts';
import { overrides, valueMapping } from '../../overrides.ts';
import { tablePanel, timeSeriesPanel } from '../../panel-builders.ts';
import { rangeQuery, tableQuery } from '../../queries.ts';
import { colours } from '../../theme.ts';
import { joinBy } from '../../transformations.ts';
import { windowOf } from './objectives.ts';

const columns = ['slo', 'Value #A', 'Value #B', 'Value #C', 'Value #D'];

/** Burn rates from which budget alerts fire, with their long windows. */
const alertBurnRates = alertPolicy.pairs.flatMap(({ long, budgetShare }) =>
  budgetShare === null
    ? []
    : [
        {
          long,
          burn: burnFactor({ budgetShare, period: parseDuration(alertPolicy.period), window: parseDuration(long) }),
        },
      ],
);
const fastest = Math.max(...alertBurnRates.map(({ burn }) => burn));
const slowest = Math.min(...alertBurnRates.map(({ burn }) => burn));

const remainingSteps = [
  { value: null, color: colours.bad },
  { value: 0, color: colours.warn },
  { value: 0.25, color: colours.good },
];

export function errorBudgets(context: DashboardContext) {
  const burn = (window: string) => `max by (slo) (${recorded.burnRate(windowOf(context, window))})`;
  const panel = tablePanel({
    title: 'Error budgets',
    description:
      'Remaining error budget of the last 30 days, burn rates over one and six hours, and the time until the budget is exhausted at the burn rate of the last six hours. A burn rate of 1 uses the budget in exactly 30 days. Cost and relevance are means and have no budget.',
    unit: 'none',
    queries: [
      tableQuery(`min by (slo) (${recorded.budgetRemaining})`),
      tableQuery(burn('1h')),
      tableQuery(burn('6h')),
      tableQuery(`min by (slo) (${recorded.timeToExhaustion})`),
    ],
  });
  joinBy(panel, 'slo', columns);
  return panel
    .overrideByName('slo', overrides({ name: 'Objective', mappings: [objectiveNames(context)] }))
    .overrideByName(
      'Value #A',
      overrides({
        name: 'Remaining',
        unit: 'percentunit',
        decimals: 0,
        gauge: [0, 1],
        steps: remainingSteps,
        width: 130,
        noValue: '–',
      }),
    )
    .overrideByName('Value #B', overrides({ name: 'Burn, 1 h', ...burnRateColumn }))
    .overrideByName('Value #C', overrides({ name: 'Burn, 6 h', ...burnRateColumn }))
    .overrideByName(
      'Value #D',
      overrides({
        name: 'Lasts for',
        unit: 'dtdurations',
        decimals: 0,
        width: 105,
        noValue: 'not burning',
        mappings: [valueMapping({ '0': ['exhausted'] })],
      }),
    );
}

const burnRateColumn = {
  unit: 'suffix:×',
  decimals: 1,
  width: 82,
  coloured: true,
  steps: [
    { value: null, color: 'transparent' },
    { value: 1, color: colours.notice },
    { value: slowest, color: colours.warn },
    { value: fastest, color: colours.bad },
  ],
  noValue: '–',
} as const;

export function budgetRemaining(context: DashboardContext) {
  return withObjectiveNames(
    context,
    timeSeriesPanel({
      title: 'Error budget remaining (30 days)',
      description:
        'Remaining error budget over time. A sudden drop is an incident, a steady decline a small but constant failure rate. Below 0 the objective is breached for the 30 days; the table shows by how much.',
      unit: 'percentunit',
      min: -1,
      max: 1,
      steps: [
        { value: null, color: colours.bad },
        { value: 0, color: colours.bad },
      ],
      showSteps: true,
      queries: [rangeQuery(`min by (slo) (${recorded.budgetRemaining})`, '{{slo}}')],
    }),
  );
}

export function burnRates(context: DashboardContext) {
  const window = windowOf(context, '1h');
  return withObjectiveNames(
    context,
    timeSeriesPanel({
      title: 'Burn rate (1 h)',
      description: `Error budget burn rate. At 1 the budget lasts exactly 30 days. Budget alerts fire from ${alertBurnRates.map(({ long, burn }) => `${burn} over ${long}`).join(', ')}.`,
      unit: 'suffix:×',
      min: 0,
      softMax: 2,
      steps: [
        { value: null, color: colours.good },
        { value: 1, color: colours.muted },
      ],
      showSteps: true,
      queries: [rangeQuery(`max by (slo) (${recorded.burnRate(window)})`, '{{slo}}')],
    }),
  );
}

/** Colour-blind people can distinguish the first three and the last. */
const lineColours = [colours.good, colours.other, colours.second, colours.third, colours.muted, colours.fourth];

/** Shows titles instead of labels, with one colour per objective. */
function withObjectiveNames(context: DashboardContext, panel: ReturnType<typeof timeSeriesPanel>) {
  context.slo.objectives.forEach(({ objective }, index) => {
    panel.overrideByName(
      objective.name,
      overrides({ name: objective.title, colour: lineColours[index] ?? colours.muted }),
    );
  });
  return panel;
}

function objectiveNames({ slo }: DashboardContext) {
  return valueMapping(Object.fromEntries(slo.objectives.map(({ objective }) => [objective.name, [objective.title]])));
}
