/** Ties content sources to their database and their ledger: the same for the worker's schedule and for a person's command. */
import { describeJobError } from '../logging/describe-error.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { removeSourceItem } from '../postgres/content/remove-item.ts';
import { createStoreContent } from '../postgres/content/store-content.ts';
import { syncJob } from '../postgres/jobs/job-ledger.ts';
import { succeedJobRun } from '../postgres/jobs/job-runs.ts';
import { searchSynced } from '../postgres/search/search-source.ts';
import { readFailedItem, readFailingItems } from '../postgres/sources/failing-items.ts';
import { writeHealth } from '../postgres/sources/health.ts';
import { checkSourceItem, failSourceItem, readKnownItems, skipSourceItem } from '../postgres/sources/items.ts';
import { beginSync, countSync, endSync, readSyncStart } from '../postgres/sources/syncs.ts';
import type { Health, SourceRow, SyncCounts } from '../provenance/source.ts';
import { dayOf } from '../rollup/day.ts';
import { LeaseLost, type Retry, RunFailed, type RunResult } from '../rollup/leased-run.ts';
import type { OpenSource, SourceDeps } from '../sources/open-source.ts';
import { type Run, wireJob } from './leased-job.ts';

export type SourcesGiven = {
  readonly pool: Pool;
  readonly readKey: (variable: string) => string | undefined;
  readonly commercialUse: boolean;
  readonly now: () => Date;
  /** For tests: another patience with sources. */
  readonly limits?: SourceDeps['limits'];
};

export type SyncRun = Run & {
  readonly onProgress: (counts: SyncCounts) => void;
  /** @param key of the item: for people's eyes, not for logs */
  readonly onFailed: (key: string, reason: string) => void;
  /** What was not read of an item that is taken in all the same. */
  readonly onNote: (key: string, note: string) => void;
  readonly allowRemovals: boolean;
};

/** The sources' code, and what they read formats with, take longer to load than most commands run. */
const load = async () => ({
  ...(await import('../sources/open-source.ts')),
  ...(await import('../sources/check-health.ts')),
  ...(await import('../sources/sync/sync-source.ts')),
  ...(await import('../sources/source-error.ts')),
});

/** What a source is opened with. */
export function surroundingsOf(
  { pool, readKey, commercialUse, now, limits = {} }: SourcesGiven,
  signal: AbortSignal,
): SourceDeps {
  return {
    readKey,
    searchSynced: (source, query, limit) => searchSynced(pool, { source, query, limit, commercialUse, now }),
    signal,
    now,
    limits,
  };
}

/** @throws {SourceError} that says what is wrong with the row */
export async function openForUse(given: SourcesGiven, row: SourceRow, signal: AbortSignal): Promise<OpenSource> {
  const { openSource } = await load();
  return openSource(row, surroundingsOf(given, signal));
}

/** Asks a source how it is. */
export async function checkHealthOf(given: SourcesGiven, row: SourceRow, signal: AbortSignal): Promise<Health> {
  const { checkHealth } = await load();
  return checkHealth(() => openForUse(given, row, signal), { clock: () => performance.now(), signal });
}

/** The same, and keeps the answer. */
export async function checkSourceHealth(given: SourcesGiven, row: SourceRow, signal: AbortSignal): Promise<Health> {
  const health = await checkHealthOf(given, row, signal);
  await writeHealth(given.pool, row.source, health);
  return health;
}

/**
 * The run's outcome: what was done. Items that could not be taken in do not fail it; a source that cannot be listed, or is down when
 * it is asked first, does.
 */
export async function runSync(
  given: SourcesGiven & { readonly retry: Retry },
  row: SourceRow,
  { runId, since, signal, onProgress, onFailed, onNote, allowRemovals }: SyncRun,
): Promise<RunResult<SyncCounts>> {
  const { pool, retry, now } = given;
  const { source } = row;
  const { syncSource, SourceError, SourceUnavailable } = await load();
  const store = createStoreContent(pool);

  /** @param ending aborted where the lease is lost, too: another worker is at it then */
  async function sync(ending: AbortSignal): Promise<SyncCounts> {
    const health = await checkSourceHealth(given, row, ending);
    if (health.status === 'down') throw new RunFailed(`the source is down: ${health.error}`);
    const opened = await openForUse(given, row, ending);
    try {
      // Who asks for a sync asks for what fails, too, whether its time has come or not.
      const failing = await readFailingItems(pool, source);
      const { counts, next } = await syncSource(opened, {
        known: await readKnownItems(pool, source),
        failing: since === null ? failing.map((item) => ({ ...item, due: true })) : failing,
        recall: (key) => readFailedItem(pool, { source, key }),
        start: await readSyncStart(pool, source),
        store,
        remove: (key) => removeSourceItem(pool, { source, key, runId }),
        fail: (key, failure) => failSourceItem(pool, { source, key, failure }),
        skip: (key, versionHash, reason) => skipSourceItem(pool, { source, key, versionHash, reason }),
        check: (key) => checkSourceItem(pool, { source, key }),
        async onProgress(counts) {
          onProgress(counts);
          await countSync(pool, { source, runId, counts });
        },
        onFailed: ({ key }, reason) => onFailed(key, reason),
        onNote: ({ key }, note) => onNote(key, note),
        allowRemovals,
        signal: ending,
      });
      await endSync(pool, { source, runId, error: null, notBefore: null, next });
      return counts;
    } finally {
      await opened.close();
    }
  }

  const run = wireJob(
    pool,
    syncJob(source),
    async (_, { leaseId, attempts, signal: ending }) => {
      await beginSync(pool, { source, runId });
      let counts: SyncCounts;
      try {
        counts = await sync(ending);
      } catch (error) {
        if (ending.aborted) throw error;
        // The source's own faults were tried again already, where they were met; the database's are worth it here.
        const ours = error instanceof SourceError || error instanceof RunFailed;
        const reason = ours ? error.message : describeJobError(error);
        const notBefore = error instanceof SourceUnavailable ? error.until : null;
        await endSync(pool, { source, runId, error: reason, notBefore, next: null });
        throw ours ? new RunFailed(error.message) : error;
      }
      const rowsWritten = counts.created + counts.replaced + counts.removed;
      if (!(await succeedJobRun(pool, leaseId, { attempts, rowsWritten }))) throw new LeaseLost();
      return counts;
    },
    retry,
  );
  return run(dayOf(now()), { runId, since, signal });
}
