/** The worker's jobs on content sources: syncs those that are due, checks their health, deletes old sync runs. */
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { Log } from '../logging/log.ts';
import { claimHealthCheck } from '../postgres/sources/health.ts';
import { readSources } from '../postgres/sources/registry.ts';
import { deleteOldSyncRuns, findDueSources } from '../postgres/sources/syncs.ts';
import type { SourceRow, SyncCounts } from '../provenance/source.ts';
import type { Retry, RunResult } from '../rollup/leased-run.ts';
import { checkSourceHealth, runSync, type SourceDeps } from './sync-source.ts';

const runsKeptMs = 30 * 86_400_000;
const deletedPerBatch = 1_000;
/** Concurrent syncs per worker: each reads and stores four items at once. */
const maxSyncs = 2;
/** Concurrent health checks per worker: a hung one takes a slot for a minute. */
const maxHealthChecks = 8;
/** How long to wait after a failed sync. */
const retryMinutes = 15;
/** Slightly below the schedule's five minutes, so that no round is skipped. */
const healthEveryMs = 280_000;

type Deps = SourceDeps & { readonly log: Log; readonly retry: Retry };

/**
 * @param begin starts a job that the worker waits for at shutdown
 * @returns the function to call every minute
 */
export function createSyncRounds(
  deps: Deps,
  begin: (job: string, work: (signal: AbortSignal) => Promise<unknown>) => Promise<void>,
): () => Promise<void> {
  const running = new Set<string>();
  return async () => {
    const due = await findDueSources(deps.pool, retryMinutes);
    const rows = due.length === 0 ? [] : await readSources(deps.pool);
    for (const { source, since } of due) {
      const row = rows.find((each) => each.source === source);
      if (row === undefined || running.has(source) || running.size >= maxSyncs) continue;
      running.add(source);
      begin('source sync', (signal) => syncOne(deps, row, since, signal)).finally(() => running.delete(source));
    }
  };
}

async function syncOne(deps: Deps, row: SourceRow, since: Date | null, signal: AbortSignal): Promise<void> {
  const { log } = deps;
  const runId = randomUUID();
  const result = await runSync(deps, row, {
    runId,
    since,
    signal,
    onProgress: () => {},
    onFailed: () => {}, // counted in the log, listed in source_item
    onNote: () => {}, // shown by `sources sync` only
    allowRemovals: false,
  });
  logResult(log, { source: row.source, runId }, result);
}

function logResult(log: Log, about: { source: string; runId: string }, result: RunResult<SyncCounts>): void {
  if (result.state === 'failed') log.error({ ...about, reason: result.error }, 'source sync failed');
  if (result.state !== 'succeeded') return;
  const { outcome } = result;
  if (outcome.failed > 0) log.warn({ ...about, ...outcome }, 'source synced, but some items failed');
  else log.info({ ...about, ...outcome }, 'source synced');
}

/** Checks the enabled, scheduled sources, a few at a time; each is checked by one of several workers. */
export async function checkSources(deps: Deps, signal: AbortSignal): Promise<void> {
  const rows = await readSources(deps.pool);
  const scheduled = rows.filter(({ enabled, syncEveryMinutes }) => enabled && syncEveryMinutes !== null);
  const limit = pLimit(maxHealthChecks);
  const all = await Promise.allSettled(scheduled.map((row) => limit(() => checkOne(deps, row, signal))));
  for (const each of all) if (each.status === 'rejected') throw each.reason;
}

async function checkOne(deps: Deps, row: SourceRow, signal: AbortSignal): Promise<void> {
  const { pool, log } = deps;
  if (!(await claimHealthCheck(pool, { source: row.source, everyMs: healthEveryMs }))) return;
  const { status, latencyMs, error } = await checkSourceHealth(deps, row, signal);
  if (status === row.healthStatus) return;
  const about = { source: row.source, status, latencyMs, reason: error };
  if (status === 'healthy') log.info(about, 'source healthy');
  else log.warn(about, 'source unhealthy');
}

/** Deletes old sync runs in small batches, which hold their locks briefly. */
export async function deleteOldSyncs({ pool, now }: Pick<Deps, 'pool' | 'now'>, signal: AbortSignal): Promise<void> {
  const endedBefore = new Date(now().getTime() - runsKeptMs);
  let deleted: number;
  do {
    signal.throwIfAborted();
    deleted = await deleteOldSyncRuns(pool, { endedBefore, limit: deletedPerBatch });
  } while (deleted === deletedPerBatch);
}
