/** Sources for tests: registers one, syncs it as the worker does, and tells what is stored of it. */
import { randomUUID } from 'node:crypto';
import { changeSource, type SourceChange } from '../../services/postgres/change-source.ts';
import { readSourceStatuses } from '../../services/postgres/source-status.ts';
import type { SourceRow, SyncCounts } from '../../services/provenance/source.ts';
import { runSync, type SourcesGiven } from '../../services/wire-sources.ts';
import type { TestDatabase } from './database.ts';

export function sourcesGiven(db: TestDatabase): SourcesGiven {
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
  const row = (await readSourceStatuses(db.pool)).find((each) => each.source === source);
  if (row === undefined) throw new Error(`there is no source ${source}`);
  return row;
}

export type Synced = {
  readonly state: string;
  readonly counts: SyncCounts | null;
  readonly error: string | null;
  readonly failures: readonly string[];
};

export async function sync(
  given: SourcesGiven,
  row: SourceRow,
  {
    allowRemovals = false,
    signal = new AbortController().signal,
    onProgress = () => {},
  }: { allowRemovals?: boolean; signal?: AbortSignal; onProgress?: (counts: SyncCounts) => void } = {},
): Promise<Synced> {
  const failures: string[] = [];
  const result = await runSync({ ...given, retry: { retries: 0 } }, row, {
    runId: randomUUID(),
    since: null,
    signal,
    onProgress,
    onFailed: (_, reason) => failures.push(reason),
    allowRemovals,
  });
  return {
    state: result.state,
    counts: result.state === 'succeeded' ? result.outcome : null,
    error: result.state === 'failed' ? result.error : null,
    failures,
  };
}
