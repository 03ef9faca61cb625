/** Registers and syncs sources in tests, like the worker does. */
import { randomUUID } from 'node:crypto';
import { runSync, type SourceDeps } from '../../../services/jobs/sync-source.ts';
import { changeSource, type SourceChange } from '../../../services/postgres/sources/registry.ts';
import { readSourceStatuses } from '../../../services/postgres/sources/source-status.ts';
import type { KnownItem, SourceRow, SyncCounts } from '../../../services/provenance/source.ts';
import type { OpenSource } from '../../../services/sources/open-source.ts';
import type { ListedItem } from '../../../services/sources/plugin.ts';
import { type SyncResult, syncSource } from '../../../services/sources/sync/sync-source.ts';
import { configurationHash, itemVersionHash } from '../../../services/sources/sync/version-hash.ts';
import type { TestDatabase } from '../database/test-database.ts';

export function sourceDeps(db: TestDatabase): SourceDeps {
  return {
    pool: db.pool,
    readKey: () => undefined,
    commercialUse: false,
    now: () => new Date(),
    // Rate limits without waiting.
    limits: { backOffMs: 1, perMinute: 600_000 },
  };
}

export async function sourceRow(
  db: Pick<TestDatabase, 'pool'>,
  source: string,
  change: SourceChange = {},
): Promise<SourceRow> {
  await changeSource(db.pool, 'command:test', source, change);
  const [row] = await readSourceStatuses(db.pool, source);
  if (row === undefined) throw new Error(`unknown source ${source}`);
  return row;
}

export type Synced = {
  readonly state: string;
  readonly counts: SyncCounts | null;
  readonly error: string | null;
  readonly failures: readonly string[];
  readonly notes?: readonly string[];
};

export async function sync(
  deps: SourceDeps,
  row: SourceRow,
  {
    allowRemovals = false,
    signal = new AbortController().signal,
    onProgress = () => {},
    scheduled = false,
  }: {
    allowRemovals?: boolean;
    /** Scheduled, not requested. */
    scheduled?: boolean;
    signal?: AbortSignal;
    onProgress?: (counts: SyncCounts) => void;
  } = {},
): Promise<Synced> {
  const failures: string[] = [];
  const notes: string[] = [];
  const result = await runSync({ ...deps, retry: { retries: 0 } }, row, {
    runId: randomUUID(),
    since: scheduled ? new Date() : null,
    signal,
    onProgress,
    onFailed: (_, reason) => failures.push(reason),
    onNote: (_, note) => notes.push(note),
    allowRemovals,
  });
  return {
    state: result.state,
    counts: result.state === 'succeeded' ? result.outcome : null,
    error: result.state === 'failed' ? result.error : null,
    failures,
    ...(notes.length > 0 && { notes }),
  };
}

/** Syncs an open source without storing its items, for sources that are too large for a test. */
export async function syncWithoutStoring(
  source: OpenSource,
  known: readonly KnownItem[],
  cursor: unknown,
): Promise<SyncResult & { readonly taken: readonly string[] }> {
  const { row, plugin, metadata, context } = source;
  const taken: string[] = [];
  const nothing = async () => {};
  const result = await syncSource(source, {
    known,
    failing: [],
    recall: async () => null,
    start: { cursor, cursorHash: configurationHash(row, plugin, metadata) },
    async store({ origin }) {
      taken.push(origin?.key ?? '');
      return 'replaced';
    },
    remove: async () => true,
    fail: nothing,
    skip: nothing,
    check: nothing,
    countUnusable: async () => 0,
    onProgress: nothing,
    onFailed() {},
    onNote() {},
    allowRemovals: false,
    signal: context.signal,
  });
  return { ...result, taken };
}

/** The items as stored after their ingestion. */
export function asKnown({ row, plugin, metadata }: OpenSource, items: readonly ListedItem[]): readonly KnownItem[] {
  const configuration = configurationHash(row, plugin, metadata);
  return items.map((item) => ({
    key: item.key,
    versionHash: itemVersionHash(configuration, item),
    hasContent: true,
    publishedAt: item.publishedAt ?? null,
    checkedAt: new Date(),
    goneAt: null,
    stated: null,
    excluded: false,
  }));
}
