/** What may still go wrong this month, how fast it is being spent, and how long it lasts at that pace. */
import { recorded } from '../../services/catalogue/recorded-series.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { parseDuration } from '../../services/slo/duration.ts';
import { burnFactor } from '../../services/slo/error-budget.ts';
import { called, colours, graph, grid, look } from '../house-style.ts';
import { over, rows } from '../queries.ts';
import { joined } from '../tidy.ts';
import { type House, windowOf } from './promises.ts';

const columns = ['slo', 'Value #A', 'Value #B', 'Value #C', 'Value #D'];

/** The burn rates from which alerts on budgets fire: over an hour, six hours, a day. */
const told = alertPolicy.pairs.flatMap(({ long, budgetShare }) =>
  budgetShare === null
    ? []
    : [
        {
          long,
          burn: burnFactor({ budgetShare, period: parseDuration(alertPolicy.period), window: parseDuration(long) }),
        },
      ],
);
const fastest = Math.max(...told.map(({ burn }) => burn));
const slowest = Math.min(...told.map(({ burn }) => burn));

const spentSteps = [
  { value: null, color: colours.bad },
  { value: 0, color: colours.warn },
  { value: 0.25, color: colours.good },
];

export function errorBudgets(house: House) {
  const burn = (window: string) => `sum by (slo) (${recorded.burnRate(windowOf(house, window))})`;
  const panel = grid({
    title: 'Error budgets: what may still go wrong',
    says: 'Of what may go wrong in 30 days, how much is left; how many times as fast as it may it is being spent; and when nothing is left at the pace of the last six hours. A burn rate of 1 lasts exactly 30 days. Cost and relevance are means and have no budget.',
    unit: 'none',
    queries: [
      rows(`sum by (slo) (${recorded.budgetRemaining})`),
      rows(burn('1h')),
      rows(burn('6h')),
      rows(`sum by (slo) (${recorded.timeToExhaustion})`),
    ],
  });
  joined(panel, 'slo', columns);
  return panel
    .overrideByName('slo', look({ name: 'Promise', mappings: [namesOf(house)] }))
    .overrideByName(
      'Value #A',
      look({
        name: 'Left of 30 days',
        unit: 'percentunit',
        decimals: 0,
        gauge: [0, 1],
        steps: spentSteps,
        width: 130,
        empty: '–',
      }),
    )
    .overrideByName('Value #B', look({ name: 'Burns, 1 h', ...burnLook }))
    .overrideByName('Value #C', look({ name: 'Burns, 6 h', ...burnLook }))
    .overrideByName(
      'Value #D',
      look({
        name: 'Lasts for',
        unit: 'dtdurations',
        decimals: 0,
        width: 105,
        empty: 'not burning',
        mappings: [called({ '0': ['nothing left'] })],
      }),
    );
}

const burnLook = {
  unit: 'suffix:×',
  decimals: 1,
  width: 82,
  painted: true,
  steps: [
    { value: null, color: 'transparent' },
    { value: 1, color: colours.notice },
    { value: slowest, color: colours.warn },
    { value: fastest, color: colours.bad },
  ],
  empty: '–',
} as const;

export function budgetLeft(house: House) {
  return named(
    house,
    graph({
      title: 'Error budget left of 30 days',
      says: 'Each budget over time. A cliff is an incident; a slope is a leak. Below 0 the month is lost, whatever comes; how far below is in the table.',
      unit: 'percentunit',
      min: -1,
      max: 1,
      steps: [
        { value: null, color: colours.bad },
        { value: 0, color: colours.bad },
      ],
      showSteps: true,
      queries: [over(`sum by (slo) (${recorded.budgetRemaining})`, '{{slo}}')],
    }),
  );
}

export function burnRates(house: House) {
  const window = windowOf(house, '1h');
  return named(
    house,
    graph({
      title: 'Burn rate over 1 h',
      says: `How many times as fast as it may each budget is being spent. 1 is as promised; the alerts on budgets fire from ${told.map(({ long, burn }) => `${burn} over ${long}`).join(', ')}.`,
      unit: 'suffix:×',
      min: 0,
      softMax: 2,
      steps: [
        { value: null, color: colours.good },
        { value: 1, color: colours.quiet },
      ],
      showSteps: true,
      queries: [over(`sum by (slo) (${recorded.burnRate(window)})`, '{{slo}}')],
    }),
  );
}

/** Those who see few colours tell the first three and the last apart. */
const lineColours = [colours.good, colours.other, colours.second, colours.third, colours.quiet, colours.fourth];

/** Titles instead of labels, each with a colour that it keeps. */
function named(house: House, panel: ReturnType<typeof graph>) {
  house.slo.objectives.forEach(({ objective }, index) => {
    panel.overrideByName(objective.name, look({ name: objective.title, colour: lineColours[index] ?? colours.quiet }));
  });
  return panel;
}

function namesOf({ slo }: House) {
  return called(Object.fromEntries(slo.objectives.map(({ objective }) => [objective.name, [objective.title]])));
}
