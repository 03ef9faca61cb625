/** The worker's scheduled work on sources: due syncs, requested syncs, health checks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { checkSources, createSyncRounds, deleteOldSyncs } from '../../services/jobs/sync-schedule.ts';
import { createLog } from '../../services/logging/log.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { addSource } from '../../services/postgres/sources/registry.ts';
import { findDueSources } from '../../services/postgres/sources/syncs.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { sourceDeps, sourceRow, sync } from '../kit/sources/source.ts';

const db = await testDatabase();
const worker = connect(db.url, { name: 'test-rounds', role: 'rag_worker' });
afterAll(() => worker.end());
const home = mkdtempSync(join(tmpdir(), 'rounds-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
writeFileSync(join(home, 'a.md'), 'The secret tide.');
writeFileSync(join(home, 'b.pdf'), 'no PDF');
const config = { folders: [{ path: home }] };

const logged: Record<string, unknown>[] = [];
const log = createLog('test', 'debug', { write: (line) => void logged.push(JSON.parse(line)) });
const deps = { ...sourceDeps(db), pool: worker, log, retry: { retries: 0 } };
const signal = new AbortController().signal;

beforeEach(async () => {
  logged.length = 0;
  await db.query('delete from source_sync');
  await db.query('delete from job_run');
  await db.query(
    'update plugin_registry set health_status = null, last_health_check = null, sync_every_minutes = null, enabled = true',
  );
});

/** One round of the worker, until everything that it started has finished. */
async function round(): Promise<number> {
  const begun: Promise<unknown>[] = [];
  await createSyncRounds(deps, (_, work) => {
    const done = work(signal).then(() => {});
    begun.push(done);
    return done;
  })();
  await Promise.all(begun);
  return begun.length;
}

test('a scheduled source is synced when it is due and not earlier; the log has counts and no text', async () => {
  expect(await round()).toBe(0);
  await sourceRow(db, 'local', { config, syncEveryMinutes: 30 });
  expect(await round()).toBe(1);
  expect(logged).toMatchObject([
    { source: 'local', created: 1, failed: 1, msg: 'source synced, but some items failed' },
  ]);
  expect(JSON.stringify(logged)).not.toContain('secret');
  expect(JSON.stringify(logged)).not.toContain('b.pdf');
  expect(await round()).toBe(0);
  await db.query(`update source_sync set started_at = now() - interval '31 minutes'`);
  await db.query(`update job_run set started_at = now() - interval '31 minutes'`);
  expect(await round()).toBe(1);
});

test('of several due sources the one that has waited longest comes first, so that none starves', async () => {
  const schedules = { local: 1, note: 1, youtube: 1440 };
  for (const [source, syncEveryMinutes] of Object.entries(schedules)) {
    await sourceRow(db, source, { syncEveryMinutes, enabled: true });
  }
  await db.query(`
    insert into source_sync (source, started_at, finished_at, outcome)
    select source, now() - minutes * interval '1 minute', now(), 'succeeded'
    from (values ('local', 3), ('note', 7), ('youtube', 1441)) as begun (source, minutes)`);
  const due = async () => (await findDueSources(worker, 15)).map(({ source }) => source);
  expect(await due()).toEqual(['youtube', 'note', 'local']);
  await db.query(`delete from source_sync where source = 'local'`);
  expect(await due()).toEqual(['local', 'youtube', 'note']);
  await db.query(`update source_sync set requested_at = now() where source = 'note'`);
  expect(await due()).toEqual(['note', 'local', 'youtube']);
});

test('a requested source is synced before it is due; a disabled one is never synced', async () => {
  await sourceRow(db, 'local', { config, syncEveryMinutes: null });
  await db.query(`insert into source_sync (source, requested_at) values ('local', now())`);
  expect(await round()).toBe(1);
  expect(await db.query('select requested_at, outcome from source_sync')).toEqual([
    { requested_at: null, outcome: 'succeeded' },
  ]);
  await db.query(`update source_sync set requested_at = now()`);
  await sourceRow(db, 'local', { enabled: false });
  expect(await round()).toBe(0);
  await sourceRow(db, 'local', { enabled: true });
});

test('a failed sync is due again after 15 minutes, a killed one at once', async () => {
  await sourceRow(db, 'local', { config: { folders: [{ path: join(home, 'missing') }] }, syncEveryMinutes: 300 });
  expect(await round()).toBe(1);
  expect(logged.at(-1)).toMatchObject({ level: 'error', source: 'local', msg: 'source sync failed' });
  expect(await findDueSources(worker, 15)).toEqual([]);
  await db.query(`update source_sync set finished_at = now() - interval '16 minutes'`);
  expect(await findDueSources(worker, 15)).toMatchObject([{ source: 'local' }]);
  await db.query(`update source_sync set outcome = 'running'`);
  expect(await findDueSources(worker, 15)).toMatchObject([{ source: 'local' }]);
});

test('a sync that runs past midnight is not started again for the new day, unless its worker has died', async () => {
  await sourceRow(db, 'local', { config, syncEveryMinutes: 30 });
  await db.query(`insert into source_sync (source, started_at, outcome) values ('local', now(), 'running')`);
  await db.query(`
    insert into job_run (job, day, state, worker, lease_until)
    values ('sync:local', current_date - 1, 'running', 'another', now() + interval '1 minute')`);
  expect(await findDueSources(worker, 15)).toEqual([]);
  await db.query(`update job_run set lease_until = now() - interval '1 second'`);
  expect(await findDueSources(worker, 15)).toMatchObject([{ source: 'local' }]);
});

test('a source with a Retry-After is not due before that time unless a sync is requested', async () => {
  await sourceRow(db, 'local', { config, syncEveryMinutes: 30 });
  await db.query(`
    insert into source_sync (source, started_at, finished_at, outcome, not_before)
    values ('local', now() - interval '3 hours', now() - interval '3 hours', 'failed', now() + interval '7 minutes')`);
  expect(await findDueSources(worker, 15)).toEqual([]);
  await db.query('update source_sync set requested_at = now()');
  expect(await findDueSources(worker, 15)).toEqual([{ source: 'local', since: null }]);
  await db.query(`update source_sync set requested_at = null, not_before = now() - interval '1 second'`);
  expect(await findDueSources(worker, 15)).toEqual([{ source: 'local', since: expect.any(Date) }]);
  expect(await round()).toBe(1);
  expect(await db.query('select outcome, not_before from source_sync')).toEqual([
    { outcome: 'succeeded', not_before: null },
  ]);
});

test('one of several workers checks the health of scheduled sources, and logs changes', async () => {
  await sourceRow(db, 'local', { config, syncEveryMinutes: 30 });
  await Promise.all([checkSources(deps, signal), checkSources(deps, signal)]);
  expect(logged).toMatchObject([{ source: 'local', status: 'healthy', msg: 'source healthy' }]);
  expect(
    await db.query(
      `select source, health_status, health_latency_ms is not null as timed, health_error from plugin_registry order by source`,
    ),
  ).toEqual([
    { source: 'google-drive', health_status: null, timed: false, health_error: null },
    { source: 'local', health_status: 'healthy', timed: true, health_error: null },
    { source: 'note', health_status: null, timed: false, health_error: null },
    { source: 'notion', health_status: null, timed: false, health_error: null },
    { source: 'youtube', health_status: null, timed: false, health_error: null },
  ]);
  await sourceRow(db, 'local', { config: { folders: [{ path: join(home, 'missing') }] } });
  await db.query('update plugin_registry set last_health_check = null');
  await checkSources(deps, signal);
  expect(logged.at(-1)).toMatchObject({ status: 'down', reason: expect.stringContaining('does not exist') });
});

test('a source that hangs during a health check does not delay others', async () => {
  const module = join(home, 'hangs.mjs');
  writeFileSync(
    module,
    `export default { version: '1', configuration: (z) => z.object({}), health: () => new Promise(() => {}) };`,
  );
  await addSource(db.pool, 'command:test', { source: 'hangs', name: 'hangs', module, capabilities: {}, version: '1' });
  await sourceRow(db, 'hangs', { enabled: true, syncEveryMinutes: 30 });
  await sourceRow(db, 'local', { config, syncEveryMinutes: 30 });
  const ending = new AbortController();
  const checked = checkSources(deps, ending.signal);
  const statuses = () =>
    db.query(`select source, health_status from plugin_registry where source in ('hangs', 'local') order by source`);
  await expect.poll(statuses, { timeout: 50_000 }).toEqual([
    { source: 'hangs', health_status: null },
    { source: 'local', health_status: 'healthy' },
  ]);
  ending.abort(new Error('stopped'));
  await expect(checked).rejects.toThrow('stopped');
}, 60_000);

test('sync runs are kept for thirty days; runs of other jobs, which metrics count, remain', async () => {
  await db.query(`
    insert into job_run (job, day, state, worker, started_at, lease_until, finished_at)
    select job, current_date, state, 'w', ended - interval '7 seconds', ended, case when state <> 'running' then ended end
    from unnest('{sync:local,sync:renamed,rollup}'::text[]) as job,
      (values ('succeeded', now() - interval '31 days'), ('failed', now() - interval '31 days'),
        ('running', now() - interval '31 days'), ('succeeded', now() - interval '29 days')) as run (state, ended)`);
  await db.query(`
    insert into job_run (job, day, state, worker, started_at, lease_until, finished_at)
    select 'sync:local', current_date, 'succeeded', 'w', now() - interval '40 days', now() - interval '40 days',
      now() - interval '40 days' from generate_series(1, 2003)`);
  await deleteOldSyncs({ pool: worker, now: () => new Date() }, signal);
  expect(await db.query(`select job, state from job_run order by job, started_at, state`)).toEqual([
    { job: 'rollup', state: 'failed' },
    { job: 'rollup', state: 'running' },
    { job: 'rollup', state: 'succeeded' },
    { job: 'rollup', state: 'succeeded' },
    { job: 'sync:local', state: 'succeeded' },
    { job: 'sync:renamed', state: 'succeeded' },
  ]);
});

test('a sync that another worker has taken over during a pause stops and logs nothing more', async () => {
  const module = join(home, 'sleeps.mjs');
  writeFileSync(
    module,
    `export default {
      version: '1', configuration: (z) => z.object({}), metadata: { license: 'mit', contentType: 'generated' },
      async *list() {
        for (const key of ['a', 'b']) yield { key, version: '1', uri: 'https://sleeps.example/' + key };
        return { cursor: null, covers: 'all' };
      },
      async fetch({ key }, { signal }) {
        if (key === 'b' && globalThis.sleeping) {
          globalThis.sleeping();
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }
        return { body: 'Text of ' + key, format: 'text' };
      },
      health() {},
    };`,
  );
  await addSource(db.pool, 'command:test', {
    source: 'sleeps',
    name: 'sleeps',
    module,
    capabilities: {},
    version: '1',
  });
  const row = await sourceRow(db, 'sleeps', { enabled: true });
  // Waiting for the renewal of the lease would take twenty seconds.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const slept = Promise.withResolvers<void>();
  Object.assign(globalThis, { sleeping: slept.resolve });
  const late = sync(deps, row);
  await slept.promise;
  await db.query(`update job_run set lease_until = now() - interval '1 second' where job = 'sync:sleeps'`);
  Object.assign(globalThis, { sleeping: undefined });
  expect(await sync(deps, row)).toMatchObject({ state: 'succeeded' });
  vi.advanceTimersByTime(20_000);
  expect(await late).toMatchObject({ state: 'elsewhere' });
  expect(await db.query(`select outcome from source_sync where source = 'sleeps'`)).toEqual([{ outcome: 'succeeded' }]);
  expect(await db.query(`select state from job_run where job = 'sync:sleeps' order by state`)).toEqual([
    { state: 'failed' },
    { state: 'succeeded' },
  ]);
});
