/** Retention and erasure: overdue removals, removed documents, and erasure receipts. */
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { rollupObjective } from '../../services/slo/objectives.ts';
import { sharedGauge } from '../expressions.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { statPanel, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery, sqlTable, tableQuery } from '../queries.ts';
import { colours, nonZeroSteps } from '../theme.ts';
import { joinBy } from '../transformations.ts';

const {
  retentionOverdueDocuments,
  retentionOverdueDialogues,
  retentionLastSuccess,
  retentionLastRun,
  retentionConsecutiveFailures,
} = retentionMetrics;

export function overdueRemovals() {
  return statPanel({
    title: 'Overdue removals',
    description:
      'Documents and dialogues whose retention ended more than a day ago and that still exist. An alert fires: read the worker’s log and run cli -- retention by hand.',
    unit: 'none',
    decimals: 0,
    steps: nonZeroSteps(colours.bad),
    queries: [
      instantQuery(`${sharedGauge(retentionOverdueDocuments)} + ${sharedGauge(retentionOverdueDialogues)}`, 'overdue'),
    ],
    noValue: 'no data',
  });
}

export function erasureCount() {
  return statPanel({
    title: 'Erasures',
    description:
      'Users erased in the time range, each with a receipt. cli -- verify-receipts proves that no receipt is missing or altered.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    neutral: true,
    queries: [sqlTable('select count(*) as receipts from reporting.receipts where $__timeFilter(erased_at)')],
  });
}

const taskColumns = ['task', 'Value #A', 'Value #B', 'Value #C'];

export function retentionTasks() {
  const panel = tablePanel({
    title: 'Retention and verification tasks',
    description:
      'Nightly tasks with their last success, last run, and failures since the last success. Two failures in a row page the operator.',
    unit: 'none',
    noValue: 'no runs',
    queries: [
      tableQuery(`1000 * ${sharedGauge(retentionLastSuccess, { by: 'task' })}`),
      tableQuery(`1000 * ${sharedGauge(retentionLastRun, { by: 'task' })}`),
      tableQuery(sharedGauge(retentionConsecutiveFailures, { by: 'task' })),
    ],
  });
  joinBy(panel, 'task', taskColumns);
  return panel
    .overrideByName('task', overrides({ name: 'Task' }))
    .overrideByName('Value #A', overrides({ name: 'Last success', unit: 'dateTimeFromNow', noValue: 'never' }))
    .overrideByName('Value #B', overrides({ name: 'Last run', unit: 'dateTimeFromNow', noValue: 'never' }))
    .overrideByName(
      'Value #C',
      overrides({
        name: 'Failures',
        coloured: true,
        steps: [
          { value: null, color: 'transparent' },
          { value: rollupObjective?.warning ?? 1, color: colours.warn },
          ...(rollupObjective === undefined ? [] : [{ value: rollupObjective.critical, color: colours.bad }]),
        ],
      }),
    );
}

export function removals() {
  return tablePanel({
    title: 'Retention removals',
    description:
      'Removed documents per night with their passages, and dialogues deleted because of their age. The provenance row stays as a tombstone.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no removals',
    queries: [
      sqlTable(`select at, kind, removed, passages from (
  select date_trunc('day', removed_at, 'Asia/Tokyo') as at, 'documents, ' || reason as kind, count(*) as removed, sum(passages) as passages
  from reporting.removals where $__timeFilter(removed_at)
  group by 1, 2
  union all
  select began_at, 'dialogues', dialogues, null from reporting.dialogue_retention where $__timeFilter(began_at)
) as removals
order by at desc
limit 50`),
    ],
  })
    .overrideByName('at', overrides({ name: 'Time', unit: 'dateTimeAsIso', width: 170 }))
    .overrideByName('kind', overrides({ name: 'Data' }))
    .overrideByName('removed', overrides({ name: 'Removed', width: 90 }))
    .overrideByName('passages', overrides({ name: 'Passages', width: 90, noValue: '–' }));
}

export function erasureReceipts() {
  return tablePanel({
    title: 'Erasure receipts',
    description:
      'Erasures in the time range: the rows deleted, and whether the account was deleted as well. Receipts do not identify users. A gap in the numbers means that a receipt is missing.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no erasures',
    queries: [
      sqlTable(`select erased_at as at, number, account, counts::text as erased, left(hash, 12) as hash
from reporting.receipts
where $__timeFilter(erased_at)
order by number desc
limit 50`),
    ],
  })
    .overrideByName('at', overrides({ name: 'Time', unit: 'dateTimeAsIso', width: 160 }))
    .overrideByName('number', overrides({ name: 'Number', width: 72 }))
    .overrideByName(
      'account',
      overrides({ name: 'Account', width: 98, mappings: [valueMapping({ true: ['yes'], false: ['no'] })] }),
    )
    .overrideByName('erased', overrides({ name: 'Rows' }))
    .overrideByName('hash', overrides({ name: 'Hash', width: 112 }));
}

export function overdueOverTime() {
  return timeSeriesPanel({
    title: 'Overdue removals over time',
    description:
      'Documents and dialogues that should have been removed more than a day ago. If the count is not zero after the night, retention does not run.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(sharedGauge(retentionOverdueDocuments), 'documents'),
      rangeQuery(sharedGauge(retentionOverdueDialogues), 'dialogues'),
    ],
    noValue: 'no data',
  })
    .overrideByName('documents', overrides({ colour: colours.fourth }))
    .overrideByName('dialogues', overrides({ colour: colours.bad, dashed: true }));
}
