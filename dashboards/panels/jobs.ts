/** The worker's jobs: the daily rollup, recent runs and failures. */
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { rollupObjective } from '../../services/slo/objectives.ts';
import { sharedGauge } from '../expressions.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { statPanel, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery, sqlTable } from '../queries.ts';
import { colours } from '../theme.ts';

const { rollupLastDuration, rollupRowsWritten, workerDatabaseUp, rollupLastRun } = workerMetrics;

export function rollupFailures() {
  return statPanel({
    title: 'Rollup failures',
    description:
      'Failed runs of the daily rollup since the last success. One failure is a warning, two in a row page. Run cli -- rollup by hand: it prints the cause.',
    unit: 'none',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      ...(rollupObjective === undefined
        ? [{ value: 1, color: colours.bad }]
        : [
            { value: rollupObjective.warning, color: colours.warn },
            { value: rollupObjective.critical, color: colours.bad },
          ]),
    ],
    queries: [instantQuery(sharedGauge(workerMetrics.rollupConsecutiveFailures), 'failed')],
    noValue: 'no data',
  });
}

export function workerDatabaseAccess() {
  return statPanel({
    title: 'Worker database access',
    description:
      'Whether the worker can read the database. Without access, the metrics of jobs and retention are missing, not good.',
    unit: 'none',
    steps: [
      { value: null, color: colours.bad },
      { value: 1, color: colours.good },
    ],
    mappings: [valueMapping({ '0': ['NO'], '1': ['YES'] })],
    queries: [instantQuery(sharedGauge(workerDatabaseUp), 'database')],
    noValue: 'no worker',
    noValueColour: colours.bad,
  });
}

export function rollupDuration() {
  return timeSeriesPanel({
    title: 'Rollup duration and rows',
    description:
      'Duration of the last run of the daily rollup, and the rows that it wrote (right axis). The duration grows with the answers of a day: 10,000 answers take about 0.1 s.',
    unit: 's',
    min: 0,
    queries: [
      rangeQuery(sharedGauge(rollupLastDuration), 'duration'),
      rangeQuery(sharedGauge(rollupRowsWritten), 'rows'),
    ],
    noValue: 'no runs',
  })
    .overrideByName('duration', overrides({ colour: colours.good }))
    .overrideByName('rows', overrides({ colour: colours.other, dashed: true, unit: 'none', rightAxis: true }));
}

export function rollupRuns() {
  return timeSeriesPanel({
    title: 'Rollup runs and age',
    description:
      'Rollup runs by result, and the time since the last run, successful or not (right axis). The age drops to zero once a day.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(`max by (state) (${workerMetrics.rollupRuns.name})`, '{{state}}'),
      rangeQuery(`time() - ${sharedGauge(rollupLastRun)}`, 'age of the last run'),
    ],
    noValue: 'no runs',
  })
    .overrideByName('succeeded', overrides({ colour: colours.good }))
    .overrideByName('failed', overrides({ colour: colours.bad }))
    .overrideByName(
      'age of the last run',
      overrides({ colour: colours.muted, dashed: true, unit: 'dtdurations', rightAxis: true }),
    );
}

export function latestRuns() {
  return tablePanel({
    title: 'Latest job runs',
    description:
      'Job runs with their day, worker, result and error. A running job whose lease has expired was killed: another worker takes over. Successful source syncs are hidden.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no runs',
    queries: [
      sqlTable(`select started_at as at, job, to_char(day, 'YYYY-MM-DD') as day,
  case when state = 'running' and lease_until < now() then 'killed' else state end as state,
  extract(epoch from coalesce(finished_at, now()) - started_at)::float8 as took, attempts, rows_written as rows, worker, error
from reporting.jobs
where started_at >= now() - interval '14 days' and (job not like 'sync:%' or state <> 'succeeded')
order by started_at desc
limit 40`),
    ],
  })
    .overrideByName('at', overrides({ name: 'Started', unit: 'dateTimeAsIso', width: 155 }))
    .overrideByName('job', overrides({ name: 'Job', width: 140 }))
    .overrideByName('day', overrides({ name: 'Day', width: 88 }))
    .overrideByName(
      'state',
      overrides({
        name: 'Result',
        width: 88,
        coloured: true,
        mappings: [
          valueMapping({
            succeeded: ['succeeded', 'transparent'],
            running: ['running', colours.other],
            failed: ['FAILED', colours.bad],
            killed: ['KILLED', colours.warn],
          }),
        ],
      }),
    )
    .overrideByName('took', overrides({ name: 'Duration', unit: 's', decimals: 1, width: 72 }))
    .overrideByName('attempts', overrides({ name: 'Attempts', width: 72 }))
    .overrideByName('rows', overrides({ name: 'Rows', width: 58, noValue: '–' }))
    .overrideByName('worker', overrides({ name: 'Worker', width: 100 }))
    .overrideByName('error', overrides({ name: 'Error', narrow: true, noValue: '' }));
}
