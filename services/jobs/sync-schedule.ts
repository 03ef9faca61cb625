/** What the worker does of content sources: asks how they are, syncs those that are due, and forgets old syncs. */
import { randomUUID } from 'node:crypto';
import type { Log } from '../logging/log.ts';
import { claimHealthCheck } from '../postgres/sources/health.ts';
import { readSources } from '../postgres/sources/registry.ts';
import { deleteOldSyncRuns, findDueSources } from '../postgres/sources/syncs.ts';
import type { SourceRow, SyncCounts } from '../provenance/source.ts';
import type { Retry, RunResult } from '../rollup/leased-run.ts';
import { createLine } from '../sources/concurrency-limit.ts';
import { checkSourceHealth, runSync, type SourcesGiven } from './sync-source.ts';

/** Thirty days. */
const runsKeptMs = 30 * 86_400_000;
const mostForgottenAtOnce = 1_000;
/** Syncs of this worker at a time: each reads and stores four items at once. */
const mostAtOnce = 2;
/** Checks of health of this worker at a time: one that hangs keeps its place for a minute. */
const mostChecksAtOnce = 8;
/** A sync that failed is tried again after so many minutes. */
const retryMinutes = 15;
/** A little less than the schedule's five minutes, so that no round is left out. */
const healthEveryMs = 280_000;

type Given = SourcesGiven & { readonly log: Log; readonly retry: Retry };

/**
 * Called every minute.
 * @param begin starts work that the worker ends before it ends itself
 */
export function createSyncRounds(
  given: Given,
  begin: (job: string, work: (signal: AbortSignal) => Promise<unknown>) => Promise<void>,
): () => Promise<void> {
  const running = new Set<string>();
  return async () => {
    const due = await findDueSources(given.pool, retryMinutes);
    const rows = due.length === 0 ? [] : await readSources(given.pool);
    for (const { source, since } of due) {
      const row = rows.find((each) => each.source === source);
      if (row === undefined || running.has(source) || running.size >= mostAtOnce) continue;
      running.add(source);
      begin('source sync', (signal) => syncOne(given, row, since, signal)).finally(() => running.delete(source));
    }
  };
}

async function syncOne(given: Given, row: SourceRow, since: Date | null, signal: AbortSignal): Promise<void> {
  const { log } = given;
  const runId = randomUUID();
  const result = await runSync(given, row, {
    runId,
    since,
    signal,
    onProgress: () => {},
    onFailed: () => {}, // told by count here, and by item in source_item
    onNote: () => {}, // told to a person who syncs
    allowRemovals: false,
  });
  logEnd(log, { source: row.source, runId }, result);
}

function logEnd(log: Log, about: { source: string; runId: string }, result: RunResult<SyncCounts>): void {
  if (result.state === 'failed') log.error({ ...about, reason: result.error }, 'a source could not be synced');
  if (result.state !== 'succeeded') return;
  const { outcome } = result;
  if (outcome.failed > 0) log.warn({ ...about, ...outcome }, 'a source was synced, but not all of its items');
  else log.info({ ...about, ...outcome }, 'a source was synced');
}

/** Sources that are enabled and synced on a schedule, a few at a time; of several workers one asks. */
export async function checkSources(given: Given, signal: AbortSignal): Promise<void> {
  const rows = await readSources(given.pool);
  const scheduled = rows.filter(({ enabled, syncEveryMinutes }) => enabled && syncEveryMinutes !== null);
  const inLine = createLine(mostChecksAtOnce);
  const all = await Promise.allSettled(scheduled.map((row) => inLine(() => checkOne(given, row, signal))));
  for (const each of all) if (each.status === 'rejected') throw each.reason;
}

async function checkOne(given: Given, row: SourceRow, signal: AbortSignal): Promise<void> {
  const { pool, log } = given;
  if (!(await claimHealthCheck(pool, { source: row.source, everyMs: healthEveryMs }))) return;
  const { status, latencyMs, error } = await checkSourceHealth(given, row, signal);
  if (status === row.healthStatus) return;
  const about = { source: row.source, status, latencyMs, reason: error };
  if (status === 'healthy') log.info(about, 'a source is healthy');
  else log.warn(about, 'a source is not healthy');
}

/** Runs of syncs that ended long ago, a few at a time, so that nobody waits for their locks. */
export async function forgetOldSyncs({ pool, now }: Pick<Given, 'pool' | 'now'>, signal: AbortSignal): Promise<void> {
  const endedBefore = new Date(now().getTime() - runsKeptMs);
  let deleted: number;
  do {
    signal.throwIfAborted();
    deleted = await deleteOldSyncRuns(pool, { endedBefore, limit: mostForgottenAtOnce });
  } while (deleted === mostForgottenAtOnce);
}
