/** Reconciliation: the counters of Prometheus compared with the rows stored for a day. */
import { reconciliationMetrics } from '../../services/catalogue/reconciliation-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { sharedGauge } from '../expressions.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { statPanel, tablePanel } from '../panel-builders.ts';
import { instantQuery, tableQuery } from '../queries.ts';
import { colours } from '../theme.ts';
import { joinBy } from '../transformations.ts';

const {
  reconciliationDifference,
  reconciliationStored,
  reconciliationUnwatched,
  reconciliationDay,
  reconciliationConsecutiveFailures,
} = reconciliationMetrics;
const noReconciliation = 'not reconciled';
const columns = ['what', 'Value #A', 'Value #B', 'Value #C'];

export function reconciliation() {
  const difference = sharedGauge(reconciliationDifference, { by: 'what' });
  const stored = sharedGauge(reconciliationStored, { by: 'what' });
  const panel = tablePanel({
    title: 'Reconciliation of the latest day',
    description: `Answers, failures and cost stored for a day, and how many more or fewer Prometheus counted. A warning fires from ${limits.reconciliation.share * 100} % of the stored value, if the difference is at least ${limits.reconciliation.minItems}. Requires PROMETHEUS_URL.`,
    unit: 'none',
    queries: [tableQuery(stored), tableQuery(difference), tableQuery(`abs(${difference}) / (${stored} > 0)`)],
    noValue: noReconciliation,
  });
  joinBy(panel, 'what', columns);
  return panel
    .overrideByName('what', overrides({ name: 'Value', mappings: [valueMapping({ cost: ['cost (yen)'] })] }))
    .overrideByName('Value #A', overrides({ name: 'Stored', unit: 'locale' }))
    .overrideByName('Value #B', overrides({ name: 'Difference', unit: 'locale' }))
    .overrideByName(
      'Value #C',
      overrides({
        name: 'Share',
        unit: 'percentunit',
        decimals: 2,
        coloured: true,
        steps: [
          { value: null, color: 'transparent' },
          { value: limits.reconciliation.share, color: colours.warn },
        ],
        noValue: '–',
      }),
    );
}

export function reconciliationStatus() {
  return statPanel({
    title: 'Reconciliation status',
    description: `Age of the latest reconciled day, time of that day without Prometheus data, and failed runs in a row. A day with more than ${limits.reconciliation.unwatched} without data cannot be reconciled.`,
    unit: 'dtdurations',
    decimals: 0,
    showNames: true,
    neutral: true,
    queries: [
      instantQuery(`time() - ${sharedGauge(reconciliationDay)}`, 'age of the day'),
      instantQuery(sharedGauge(reconciliationUnwatched), 'without data'),
      instantQuery(sharedGauge(reconciliationConsecutiveFailures), 'failures in a row'),
    ],
    noValue: noReconciliation,
  }).overrideByName('failures in a row', overrides({ unit: 'none' }));
}
