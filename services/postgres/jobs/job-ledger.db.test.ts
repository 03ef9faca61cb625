import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { createLeasedRun } from '../../rollup/leased-run.ts';
import { rollUpDay } from '../metrics/roll-up-day.ts';
import { createJobLedger, jobs, syncJob } from './job-ledger.ts';
import { succeedJobRun } from './job-runs.ts';
import { readJobStatus } from './job-status.ts';

const db = await testDatabase();
const one = createJobLedger(db.pool, { job: jobs.rollup, worker: 'one', leaseMs: 60_000 });
const other = createJobLedger(db.pool, { job: jobs.rollup, worker: 'other', leaseMs: 60_000 });
const claim = (day: string, since: Date | null = null) => ({ runId: randomUUID(), day, since });

async function succeed(leaseId: string | null, day: string) {
  await rollUpDay(db.pool, day, { leaseId: leaseId ?? '', attempts: 1 });
}

test('one of many concurrent workers acquires a day, and another one after it has ended', async () => {
  const asked = Array.from({ length: 8 }, (_, index) =>
    (index % 2 === 0 ? one : other).acquireLease(claim('2026-03-01')),
  );
  const leases = (await Promise.all(asked)).filter((lease) => lease !== null);
  expect(leases).toHaveLength(1);
  expect(await other.acquireLease(claim('2026-03-02'))).not.toBeNull();
  await succeed(leases[0] ?? null, '2026-03-01');
  expect(await other.acquireLease(claim('2026-03-01'))).not.toBeNull();
});

test('a day that has succeeded since the run began is skipped', async () => {
  const before = new Date(Date.now() - 60_000);
  await succeed(await one.acquireLease(claim('2026-03-03', before)), '2026-03-03');
  expect(await other.acquireLease(claim('2026-03-03', before))).toBeNull();
  expect(await other.acquireLease(claim('2026-03-03', new Date(Date.now() + 60_000)))).not.toBeNull();
});

test('the lease of a dead worker is taken over, its run fails, and it can no longer write', async () => {
  const dead = await one.acquireLease(claim('2026-03-04'));
  await db.query(`update job_run set lease_until = now() - interval '1 second' where id = $1`, [dead]);
  const lease = await other.acquireLease(claim('2026-03-04'));
  expect(lease).not.toBeNull();
  expect(await db.query('select state, error from job_run where id = $1', [dead])).toEqual([
    { state: 'failed', error: 'the worker stopped before the run ended' },
  ]);
  expect(await one.renewLease(dead ?? '')).toBe(false);
  await expect(succeed(dead, '2026-03-04')).rejects.toThrow('the lease was lost');
  await succeed(lease, '2026-03-04');
});

test('a renewed lease outlasts its first expiry', async () => {
  const lease = await one.acquireLease(claim('2026-03-05'));
  await db.query(`update job_run set lease_until = now() - interval '1 second' where id = $1`, [lease]);
  expect(await one.renewLease(lease ?? '')).toBe(true);
  expect(await other.acquireLease(claim('2026-03-05'))).toBeNull();
});

test('a released lease leaves no failed run', async () => {
  const lease = await one.acquireLease(claim('2026-03-06'));
  await one.releaseLease(lease ?? '');
  expect(await db.query(`select * from job_run where day = '2026-03-06'`)).toEqual([]);
  expect(await other.acquireLease(claim('2026-03-06'))).not.toBeNull();
});

test('a day that succeeds while another worker waits for its lease is not repeated', async () => {
  const before = new Date(Date.now() - 60_000);
  const lease = await one.acquireLease(claim('2026-03-07', before));
  const finishing = await db.pool.connect();
  await finishing.query('begin');
  await succeedJobRun(finishing, lease ?? '', { attempts: 1, rowsWritten: 1 });
  const asked = other.acquireLease(claim('2026-03-07', before));
  // It has read that the day has not succeeded, and waits for the lease.
  await expect
    .poll(() =>
      db.query(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`),
    )
    .toHaveLength(1);
  await finishing.query('commit');
  finishing.release();
  expect(await asked).toBeNull();
  expect(await db.query(`select state from job_run where day = '2026-03-07'`)).toEqual([{ state: 'succeeded' }]);
  expect(await other.acquireLease(claim('2026-03-07'))).not.toBeNull();
});

test('a source has one sync at a time, also over midnight, until it ends or its worker dies', async () => {
  const [hana, sora] = ['hana', 'sora'].map((source) =>
    createJobLedger(db.pool, { job: syncJob(source), worker: 'one', leaseMs: 60_000 }),
  );
  const yesterdays = await hana?.acquireLease(claim('2026-03-08'));
  expect(yesterdays).not.toBeNull();
  expect(await hana?.acquireLease(claim('2026-03-09'))).toBeNull();
  expect(await sora?.acquireLease(claim('2026-03-09'))).not.toBeNull();
  await succeedJobRun(db.pool, yesterdays ?? '', { attempts: 1, rowsWritten: 1 });
  const todays = await hana?.acquireLease(claim('2026-03-09'));
  expect(todays).not.toBeNull();
  await db.query(`update job_run set lease_until = now() - interval '1 second' where id = $1`, [todays]);
  expect(await hana?.acquireLease(claim('2026-03-10'))).not.toBeNull();
  expect(await db.query('select state from job_run where id = $1', [todays])).toEqual([{ state: 'failed' }]);
});

test('two workers that roll up the same days write each day exactly once', async () => {
  await db.query(`delete from job_run where day < '2026-03-01'`);
  const days = ['2026-02-01', '2026-02-02', '2026-02-03', '2026-02-04'];
  const since = new Date(Date.now() - 60_000);
  const run = async (ledger: typeof one) => {
    const rollDay = createLeasedRun({
      ledger,
      work: (day, lease) => rollUpDay(db.pool, day, lease),
      retry: { retries: 0 },
      renewEveryMs: 20_000,
      describe: String,
    });
    const runId = randomUUID();
    const signal = new AbortController().signal;
    return Promise.all(days.map((day) => rollDay(day, { runId, since, signal })));
  };
  const results = (await Promise.all([run(one), run(other)])).flat();
  expect(results.map(({ state }) => state).toSorted()).toEqual([
    ...Array(4).fill('elsewhere'),
    ...Array(4).fill('succeeded'),
  ]);
  const written = await db.query(
    `select day, count(*) from job_run where day < '2026-03-01' group by day order by day`,
  );
  expect(written).toEqual(days.map((day) => ({ day, count: 1 })));
});

test('a run fails if one of its days fails, and consecutive failures are counted by run', async () => {
  await db.query('delete from job_run');
  expect(await readJobStatus(db.pool, jobs.rollup)).toEqual({
    lastSuccessAt: null,
    lastRunAt: null,
    lastDurationSeconds: null,
    rowsWritten: null,
    consecutiveFailures: 0,
    succeededRuns: 0,
    failedRuns: 0,
  });
  const nights = [
    ['2026-03-01T17:00:00Z', ['failed', 'failed', 'failed']],
    ['2026-03-02T17:00:00Z', ['succeeded', 'succeeded']],
    ['2026-03-03T17:00:00Z', ['succeeded', 'failed', 'succeeded']],
    ['2026-03-04T17:00:00Z', ['failed']],
    ['2026-03-05T17:00:00Z', ['succeeded', 'running']],
  ] as const;
  const far = '2999-01-01T00:00:00Z';
  for (const [at, states] of nights) {
    const runId = randomUUID();
    for (const [index, state] of states.entries()) {
      await db.query(
        `insert into job_run (run_id, job, day, state, worker, started_at, finished_at, lease_until, rows_written)
         values ($1, 'rollup', $2, $3, 'w', $4, $4::timestamptz + interval '7.5 seconds', $6, $5)`,
        [runId, `2026-01-0${index + 1}`, state, at, state === 'succeeded' ? 1 : 0, far],
      );
    }
  }
  expect(await readJobStatus(db.pool, jobs.rollup)).toEqual({
    lastSuccessAt: new Date('2026-03-02T17:00:07.5Z'),
    lastRunAt: new Date('2026-03-04T17:00:07.5Z'),
    lastDurationSeconds: 7.5,
    rowsWritten: 0,
    consecutiveFailures: 2,
    succeededRuns: 1,
    failedRuns: 3,
  });
});

test('a run whose worker died counts as failed as soon as its lease expires', async () => {
  await db.query('delete from job_run');
  const runId = randomUUID();
  await succeed(await one.acquireLease({ runId, day: '2026-04-01', since: null }), '2026-04-01');
  const dead = await one.acquireLease({ runId, day: '2026-04-02', since: null });
  expect(await readJobStatus(db.pool, jobs.rollup)).toMatchObject({ lastRunAt: null, failedRuns: 0, succeededRuns: 0 });
  const [row] = await db.query(
    `update job_run set lease_until = now() - interval '3 minutes', started_at = now() - interval '5 minutes'
     where id = $1 returning lease_until`,
    [dead],
  );
  const expected = { lastRunAt: expect.any(Date), failedRuns: 1, succeededRuns: 0, consecutiveFailures: 1 };
  expect(await readJobStatus(db.pool, jobs.rollup)).toMatchObject(expected);
  await other.acquireLease(claim('2026-04-03'));
  expect(await readJobStatus(db.pool, jobs.rollup)).toMatchObject(expected);
  expect(await db.query('select state, finished_at from job_run where id = $1', [dead])).toEqual([
    { state: 'failed', finished_at: row?.lease_until },
  ]);
});
