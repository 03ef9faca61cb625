/** Sources for tests: registers one, syncs it as the worker does, and tells what is stored of it. */
import { randomUUID } from 'node:crypto';
import { runSync, type SourceDeps } from '../../services/jobs/sync-source.ts';
import { changeSource, type SourceChange } from '../../services/postgres/sources/registry.ts';
import { readSourceStatuses } from '../../services/postgres/sources/source-status.ts';
import type { KnownItem, SourceRow, SyncCounts } from '../../services/provenance/source.ts';
import type { OpenSource } from '../../services/sources/open-source.ts';
import type { ListedItem } from '../../services/sources/plugin.ts';
import { type SyncResult, syncSource } from '../../services/sources/sync/sync-source.ts';
import { configurationHash, itemVersionHash } from '../../services/sources/sync/version-hash.ts';
import type { TestDatabase } from './database.ts';

export function sourcesGiven(db: TestDatabase): SourceDeps {
  return {
    pool: db.pool,
    readKey: () => undefined,
    commercialUse: false,
    now: () => new Date(),
    // Manners without the waiting.
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
  if (row === undefined) throw new Error(`there is no source ${source}`);
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
  given: SourceDeps,
  row: SourceRow,
  {
    allowRemovals = false,
    signal = new AbortController().signal,
    onProgress = () => {},
    scheduled = false,
  }: {
    allowRemovals?: boolean;
    /** By the schedule, and not because somebody asks for it. */
    scheduled?: boolean;
    signal?: AbortSignal;
    onProgress?: (counts: SyncCounts) => void;
  } = {},
): Promise<Synced> {
  const failures: string[] = [];
  const notes: string[] = [];
  const result = await runSync({ ...given, retry: { retries: 0 } }, row, {
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

/** A sync of a source that is opened already, whose items are not kept: for sources that are too large to be stored in a test. */
export async function syncUnkept(
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

/** As they are known once they have been taken in. */
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
