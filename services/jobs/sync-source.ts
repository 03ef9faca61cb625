/** Syncs and probes content sources, for the worker's schedule and for commands alike. */
import { describeJobError } from '../logging/describe-error.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { countUnusable } from '../postgres/content/documents.ts';
import { removeSourceItem } from '../postgres/content/remove-item.ts';
import { createStoreContent } from '../postgres/content/store-content.ts';
import { syncJob } from '../postgres/jobs/job-ledger.ts';

import { searchSynced } from '../postgres/search/search-source.ts';
import { readFailedItem, readFailingItems } from '../postgres/sources/failing-items.ts';
import { writeHealth } from '../postgres/sources/health.ts';
import { checkSourceItem, failSourceItem, readKnownItems, skipSourceItem } from '../postgres/sources/items.ts';
import { beginSync, countSync, endSync, readSyncStart } from '../postgres/sources/syncs.ts';
import { licensesThatGrantUse } from '../provenance/may-use.ts';
import type { Health, SourceRow, SyncCounts } from '../provenance/source.ts';
import { dayOf } from '../rollup/day.ts';
import { type Retry, RunFailed, type RunResult } from '../rollup/leased-run.ts';
import type { OpenSource, OpenSourceDeps } from '../sources/open-source.ts';
import { createJob, type Run } from './leased-job.ts';

export type SourceDeps = {
  readonly pool: Pool;
  readonly readKey: (variable: string) => string | undefined;
  readonly commercialUse: boolean;
  readonly now: () => Date;
  /** Overrides the sources' time limits in tests. */
  readonly limits?: OpenSourceDeps['limits'];
  /** Directories that no source reads, such as DATA_DIR. */
  readonly privateDirectories?: readonly string[];
};

export type SyncRun = Run & {
  readonly onProgress: (counts: SyncCounts) => void;
  /** @param key of the item: to be shown to the operator, never logged */
  readonly onFailed: (key: string, reason: string) => void;
  /** An item was ingested, but a part of it could not be read. */
  readonly onNote: (key: string, note: string) => void;
  readonly allowRemovals: boolean;
};

/** Loaded on demand: the sources and their readers take longer to load than most commands run. */
const load = async () => ({
  ...(await import('../sources/open-source.ts')),
  ...(await import('../sources/check-health.ts')),
  ...(await import('../sources/sync/sync-source.ts')),
  ...(await import('../sources/source-error.ts')),
});

/** The options to open a source with. */
export function sourceOptions(
  { pool, readKey, commercialUse, now, limits = {}, privateDirectories = [] }: SourceDeps,
  signal: AbortSignal,
): OpenSourceDeps {
  return {
    readKey,
    searchSynced: (source, query, limit) => searchSynced(pool, { source, query, limit, commercialUse, now }),
    signal,
    now,
    limits,
    privateDirectories,
  };
}

/** @throws {SourceError} for an invalid configuration */
export async function openForUse(deps: SourceDeps, row: SourceRow, signal: AbortSignal): Promise<OpenSource> {
  const { openSource } = await load();
  return openSource(row, sourceOptions(deps, signal));
}

/** Checks a source's health without storing the result. */
export async function probeSource(deps: SourceDeps, row: SourceRow, signal: AbortSignal): Promise<Health> {
  const { checkHealth } = await load();
  return checkHealth(() => openForUse(deps, row, signal), { clock: () => performance.now(), signal });
}

/** Checks a source's health and stores the result. */
export async function checkSourceHealth(deps: SourceDeps, row: SourceRow, signal: AbortSignal): Promise<Health> {
  const health = await probeSource(deps, row, signal);
  await writeHealth(deps.pool, row.source, health);
  return health;
}

/**
 * Syncs a source. The run's outcome is its counts. Items that cannot be ingested do not fail the run; a source that
 * cannot be listed, or fails the health check that comes first, does.
 */
export async function runSync(
  deps: SourceDeps & { readonly retry: Retry },
  row: SourceRow,
  { runId, since, signal, onProgress, onFailed, onNote, allowRemovals }: SyncRun,
): Promise<RunResult<SyncCounts>> {
  const { pool, retry, now } = deps;
  const { source } = row;
  const { syncSource, SourceError, SourceUnavailable } = await load();
  const store = createStoreContent(pool);

  /** @param ending aborted on shutdown, and when another worker takes over the lease */
  async function sync(ending: AbortSignal): Promise<SyncCounts> {
    const health = await checkSourceHealth(deps, row, ending);
    if (health.status === 'down') throw new RunFailed(`the source is down: ${health.error}`);
    const opened = await openForUse(deps, row, ending);
    try {
      // A sync on request retries failing items at once, whatever their backoff.
      const failing = await readFailingItems(pool, source);
      const { counts, next } = await syncSource(opened, {
        known: await readKnownItems(pool, source),
        failing: since === null ? failing.map((item) => ({ ...item, due: true })) : failing,
        recall: (key) => readFailedItem(pool, { source, key }),
        start: await readSyncStart(pool, source),
        store,
        remove: (key) => removeSourceItem(pool, { source, key }, { runId, reason: 'gone_at_source' }),
        fail: (key, failure) => failSourceItem(pool, { source, key, failure }),
        skip: (key, versionHash, reason) => skipSourceItem(pool, { source, key, versionHash, reason }),
        check: (key) => checkSourceItem(pool, { source, key }),
        countUnusable: () => countUnusable(pool, { source, usable: licensesThatGrantUse(deps.commercialUse) }),
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

  const run = createJob(
    pool,
    syncJob(source),
    async (_, { signal: ending, succeed }) => {
      await beginSync(pool, { source, runId });
      let counts: SyncCounts;
      try {
        counts = await sync(ending);
      } catch (error) {
        if (ending.aborted) throw error;
        // The source's own errors were retried where they occurred; only the database's are retried here.
        const final = error instanceof SourceError || error instanceof RunFailed;
        const reason = final ? error.message : describeJobError(error);
        const notBefore = error instanceof SourceUnavailable ? error.until : null;
        await endSync(pool, { source, runId, error: reason, notBefore, next: null });
        throw final ? new RunFailed(error.message) : error;
      }
      await succeed(counts.created + counts.replaced + counts.removed);
      return counts;
    },
    retry,
  );
  return run(dayOf(now()), { runId, since, signal });
}
