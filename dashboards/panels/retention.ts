/** Panels of what has to go: what is overdue, what retention removed, and the receipts of erasures. */
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { jobObjectives } from '../../services/slo/objectives.ts';
import { told } from '../expressions.ts';
import { anyIs, called, colours, graph, grid, look, numbers } from '../house-style.ts';
import { now, over, rows, sql } from '../queries.ts';
import { joined } from '../tidy.ts';

const {
  retentionOverdueDocuments,
  retentionOverdueDialogues,
  retentionLastSuccess,
  retentionLastRun,
  retentionConsecutiveFailures,
} = retentionMetrics;

export function overdue() {
  return numbers({
    title: 'Overdue',
    says: 'Contents and dialogues whose time ended more than a day ago and that are still there. An alert tells of them: look at the worker’s log, and run cli -- retention by hand.',
    unit: 'none',
    decimals: 0,
    steps: anyIs(colours.bad),
    queries: [now(`${told(retentionOverdueDocuments)} + ${told(retentionOverdueDialogues)}`, 'overdue')],
    empty: 'not told',
  });
}

export function receiptsNow() {
  return numbers({
    title: 'Erased',
    says: 'Learners erased in the time shown, each with a receipt in the chain. cli -- verify-receipts proves that none is missing or changed.',
    unit: 'none',
    decimals: 0,
    source: 'postgres',
    quiet: true,
    queries: [sql('select count(*) as receipts from reporting.receipts where $__timeFilter(erased_at)')],
  });
}

const tasks = ['task', 'Value #A', 'Value #B', 'Value #C'];

export function retentionTasks() {
  const panel = grid({
    title: 'Retention and verification: the tasks',
    says: 'Each nightly task: when it last succeeded, when it last ended, and how many runs failed since. Two failures in a row page somebody.',
    unit: 'none',
    empty: 'none ran yet',
    queries: [
      rows(`1000 * ${told(retentionLastSuccess, { by: 'task' })}`),
      rows(`1000 * ${told(retentionLastRun, { by: 'task' })}`),
      rows(told(retentionConsecutiveFailures, { by: 'task' })),
    ],
  });
  joined(panel, 'task', tasks);
  return panel
    .overrideByName('task', look({ name: 'Task' }))
    .overrideByName('Value #A', look({ name: 'Last success', unit: 'dateTimeFromNow', empty: 'never' }))
    .overrideByName('Value #B', look({ name: 'Last run', unit: 'dateTimeFromNow', empty: 'never' }))
    .overrideByName(
      'Value #C',
      look({
        name: 'Failed since',
        painted: true,
        steps: [
          { value: null, color: 'transparent' },
          { value: jobObjectives.batchJob.warning, color: colours.warn },
          { value: jobObjectives.batchJob.critical, color: colours.bad },
        ],
      }),
    );
}

export function removals() {
  return grid({
    title: 'What retention removed',
    says: 'Removals of content by night, with the passages that went; and dialogues deleted for their age. The provenance row stays as a tombstone.',
    unit: 'none',
    source: 'postgres',
    empty: 'nothing was removed',
    queries: [
      sql(`select at, kind, contents, passages from (
  select date_trunc('day', removed_at, 'Asia/Tokyo') as at, 'content, ' || reason as kind, count(*) as contents, sum(passages) as passages
  from reporting.removals where $__timeFilter(removed_at)
  group by 1, 2
  union all
  select began_at, 'dialogues', dialogues, null from reporting.dialogue_retention where $__timeFilter(began_at)
) as gone
order by at desc
limit 50`),
    ],
  })
    .overrideByName('at', look({ name: 'At', unit: 'dateTimeAsIso', width: 170 }))
    .overrideByName('kind', look({ name: 'What' }))
    .overrideByName('contents', look({ name: 'Removed', width: 90 }))
    .overrideByName('passages', look({ name: 'Passages', width: 90, empty: '–' }));
}

export function receipts() {
  return grid({
    title: 'Erasure receipts',
    says: 'Each erasure of the time shown: what was erased, and whether the account went too. A receipt leads to nobody; its number has no gap, or one is missing.',
    unit: 'none',
    source: 'postgres',
    empty: 'nobody was erased',
    queries: [
      sql(`select erased_at as at, number, account, counts::text as erased, left(hash, 12) as hash
from reporting.receipts
where $__timeFilter(erased_at)
order by number desc
limit 50`),
    ],
  })
    .overrideByName('at', look({ name: 'At', unit: 'dateTimeAsIso', width: 160 }))
    .overrideByName('number', look({ name: 'Number', width: 72 }))
    .overrideByName(
      'account',
      look({ name: 'Account too', width: 98, mappings: [called({ true: ['yes'], false: ['no'] })] }),
    )
    .overrideByName('erased', look({ name: 'Rows' }))
    .overrideByName('hash', look({ name: 'Hash', width: 112 }));
}

export function overdueTrend() {
  return graph({
    title: 'Overdue, over time',
    says: 'Contents and dialogues that should have been removed more than a day ago. It goes back to zero after the night, or retention does not run.',
    unit: 'none',
    min: 0,
    queries: [over(told(retentionOverdueDocuments), 'contents'), over(told(retentionOverdueDialogues), 'dialogues')],
    empty: 'not told',
  })
    .overrideByName('contents', look({ colour: colours.fourth }))
    .overrideByName('dialogues', look({ colour: colours.bad, dashed: true }));
}
