/** Panels of the comparison: what Prometheus counted of a day beside what is stored of it. */
import { reconciliationMetrics } from '../../services/catalogue/reconciliation-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { told } from '../expressions.ts';
import { called, colours, grid, look, numbers } from '../house-style.ts';
import { now, rows } from '../queries.ts';
import { joined } from '../tidy.ts';

const {
  reconciliationDifference,
  reconciliationStored,
  reconciliationUnwatched,
  reconciliationDay,
  reconciliationConsecutiveFailures,
} = reconciliationMetrics;
const notCompared = 'not compared';
const columns = ['what', 'Value #A', 'Value #B', 'Value #C'];

export function reconciliation() {
  const difference = told(reconciliationDifference, { by: 'what' });
  const stored = told(reconciliationStored, { by: 'what' });
  const panel = grid({
    title: 'Counted beside stored, of the latest day compared',
    says: `Answers, failures and yen that are stored of a day, and how many more (or fewer) Prometheus counted. From ${limits.reconciliation.share * 100} % of what is stored on, and ${limits.reconciliation.minItems}, somebody is told. Needs PROMETHEUS_URL.`,
    unit: 'none',
    queries: [rows(stored), rows(difference), rows(`abs(${difference}) / (${stored} > 0)`)],
    empty: notCompared,
  });
  joined(panel, 'what', columns);
  return panel
    .overrideByName('what', look({ name: 'What', mappings: [called({ cost: ['yen'] })] }))
    .overrideByName('Value #A', look({ name: 'Stored', unit: 'locale' }))
    .overrideByName('Value #B', look({ name: 'Counted beyond it', unit: 'locale' }))
    .overrideByName(
      'Value #C',
      look({
        name: 'Share',
        unit: 'percentunit',
        decimals: 2,
        painted: true,
        steps: [
          { value: null, color: 'transparent' },
          { value: limits.reconciliation.share, color: colours.warn },
        ],
        empty: '–',
      }),
    );
}

export function comparison() {
  return numbers({
    title: 'Compared',
    says: `How long ago the latest day compared began, how much of it Prometheus did not watch, and comparisons failed in a row. More than ${limits.reconciliation.unwatched} unwatched, and a day cannot be compared.`,
    unit: 'dtdurations',
    decimals: 0,
    named: true,
    quiet: true,
    queries: [
      now(`time() - ${told(reconciliationDay)}`, 'the day began, ago'),
      now(told(reconciliationUnwatched), 'of it unwatched'),
      now(told(reconciliationConsecutiveFailures), 'failed in a row'),
    ],
    empty: notCompared,
  }).overrideByName('failed in a row', look({ unit: 'none' }));
}
