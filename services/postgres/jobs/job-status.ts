/** Reads the status of a job's runs, for the worker's metrics. */
import type { Pool } from 'pg';
import type { JobStatus } from '../../rollup/job-status.ts';

/**
 * A run is all rows of one run_id: it has failed if one of them has, and has ended when none is running. A row with an
 * expired lease belongs to a dead worker and counts as failed from then on, although it is only marked when a lease is
 * next acquired.
 */
export async function readJobStatus(pool: Pool, job: string): Promise<JobStatus> {
  const { rows } = await pool.query<JobStatus>({
    name: 'job-run-status',
    text: `
      with day as (
        select
          run_id, started_at, rows_written,
          case when state = 'running' and lease_until < now() then 'failed' else state end as state,
          case when state = 'running' then lease_until else finished_at end as finished_at
        from job_run
        where job = $1
      ),
      run as (
        select
          min(started_at) as started_at,
          max(finished_at) as finished_at,
          bool_or(state = 'failed') as failed,
          coalesce(sum(rows_written), 0)::integer as rows_written
        from day
        group by run_id
        having not bool_or(state = 'running')
      ),
      latest as (select * from run order by finished_at desc, started_at desc limit 1)
      select
        (select max(finished_at) from run where not failed) as "lastSuccessAt",
        (select finished_at from latest) as "lastRunAt",
        (select extract(epoch from finished_at - started_at)::float8 from latest) as "lastDurationSeconds",
        (select rows_written from latest) as "rowsWritten",
        (select count(*)::integer from run
          where failed and finished_at > coalesce((select max(finished_at) from run where not failed), '-infinity')
        ) as "consecutiveFailures",
        (select count(*)::integer from run where not failed) as "succeededRuns",
        (select count(*)::integer from run where failed) as "failedRuns"`,
    values: [job],
  });
  const status = rows[0];
  if (status === undefined) throw new Error('an aggregate query returned no row');
  return status;
}
