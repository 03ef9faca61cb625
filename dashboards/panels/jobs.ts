/** Panels of the worker's jobs: the daily rollup, every run, and what failed. */
import { indicators } from '../../services/catalogue/indicators.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { jobObjectives } from '../../services/slo/objectives.ts';
import { told } from '../expressions.ts';
import { called, colours, graph, grid, look, numbers } from '../house-style.ts';
import { now, over, sql } from '../queries.ts';

const { rollupLastDuration, rollupRowsWritten, rollupRuns, workerDatabaseUp, rollupLastRun } = workerMetrics;

export function rollupFailures() {
  const { warning, critical } = jobObjectives.batchJob;
  return numbers({
    title: 'Rollup fails',
    says: 'Runs of the daily rollup that failed since the last that succeeded. One warns, two page: run cli -- rollup by hand, it says what is wrong.',
    unit: 'none',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      { value: warning, color: colours.warn },
      { value: critical, color: colours.bad },
    ],
    queries: [now(told(indicators.batchJob.failures), 'failed')],
    empty: 'not told',
  });
}

export function workerSees() {
  return numbers({
    title: 'Worker reads it',
    says: 'Whether the worker reads the database. While it does not, what the worker tells of jobs and retention is missing, not good.',
    unit: 'none',
    steps: [
      { value: null, color: colours.bad },
      { value: 1, color: colours.good },
    ],
    mappings: [called({ '0': ['NO'], '1': ['YES'] })],
    queries: [now(told(workerDatabaseUp), 'reads')],
    empty: 'no worker',
    emptyColour: colours.bad,
  });
}

export function rollups() {
  return graph({
    title: 'Rollup: how long, how many rows',
    says: 'How long the last run of the daily rollup took, and the rows it wrote (right axis). It grows with a day’s answers: 10,000 of them take about a tenth of a second.',
    unit: 's',
    min: 0,
    queries: [over(told(rollupLastDuration), 'took'), over(told(rollupRowsWritten), 'rows')],
    empty: 'never ran',
  })
    .overrideByName('took', look({ colour: colours.good }))
    .overrideByName('rows', look({ colour: colours.other, dashed: true, unit: 'none', rightAxis: true }));
}

export function rollupRunsByState() {
  return graph({
    title: 'Runs of the rollup, and the age of the last',
    says: 'Runs counted by how they ended, and how long ago the last one ended (right axis), well or not. The saw has one tooth a day.',
    unit: 'none',
    min: 0,
    queries: [
      over(`max by (state) (${rollupRuns.name})`, '{{state}}'),
      over(`time() - ${told(rollupLastRun)}`, 'age of the last'),
    ],
    empty: 'never ran',
  })
    .overrideByName('succeeded', look({ colour: colours.good }))
    .overrideByName('failed', look({ colour: colours.bad }))
    .overrideByName(
      'age of the last',
      look({ colour: colours.quiet, dashed: true, unit: 'dtdurations', rightAxis: true }),
    );
}

export function runs() {
  return grid({
    title: 'The latest runs of all jobs',
    says: 'Each run with the day it was for, by which worker, how it ended and why not. A run that is under way and whose lease is over was killed: another worker takes it. Syncs of sources are shown where they did not succeed, so that they do not hide the others.',
    unit: 'none',
    source: 'postgres',
    empty: 'nothing ran yet',
    queries: [
      sql(`select started_at as at, job, to_char(day, 'YYYY-MM-DD') as day,
  case when state = 'running' and lease_until < now() then 'killed' else state end as state,
  extract(epoch from coalesce(finished_at, now()) - started_at)::float8 as took, attempts, rows_written as rows, worker, error
from reporting.jobs
where started_at >= now() - interval '14 days' and (job not like 'sync:%' or state <> 'succeeded')
order by started_at desc
limit 40`),
    ],
  })
    .overrideByName('at', look({ name: 'At', unit: 'dateTimeAsIso', width: 155 }))
    .overrideByName('job', look({ name: 'Job', width: 140 }))
    .overrideByName('day', look({ name: 'For', width: 88 }))
    .overrideByName(
      'state',
      look({
        name: 'Ended',
        width: 88,
        painted: true,
        mappings: [
          called({
            succeeded: ['succeeded', 'transparent'],
            running: ['runs', colours.other],
            failed: ['FAILED', colours.bad],
            killed: ['KILLED', colours.warn],
          }),
        ],
      }),
    )
    .overrideByName('took', look({ name: 'Took', unit: 's', decimals: 1, width: 72 }))
    .overrideByName('attempts', look({ name: 'Tries', width: 52 }))
    .overrideByName('rows', look({ name: 'Rows', width: 58, empty: '–' }))
    .overrideByName('worker', look({ name: 'Worker', width: 100 }))
    .overrideByName('error', look({ name: 'Why not', narrow: true, empty: '' }));
}
