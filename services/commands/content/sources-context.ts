/** What the commands on content sources share: their dependencies, and how they find sources. */
import type { SourceDeps } from '../../jobs/sync-source.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { readSourceStatuses } from '../../postgres/sources/source-status.ts';
import type { SourceRow, SyncCounts } from '../../provenance/source.ts';
import type { Terminal } from '../progress.ts';

export type SourcesCommand = Omit<SourceDeps, 'pool'> & {
  /** Changes the registry. */
  readonly owner: Pool;
  /** Reads and syncs. */
  readonly worker: Pool;
  readonly terminal: Terminal;
  readonly clock: () => number;
  readonly signal: AbortSignal;
};

export const sourceDeps = (deps: SourcesCommand): SourceDeps => ({ ...deps, pool: deps.worker });

export function countsLine({ listed, created, replaced, unchanged, removed, failed }: SyncCounts): string {
  return `${listed} listed: ${created} new, ${replaced} replaced, ${unchanged} unchanged, ${removed} removed, ${failed} failed`;
}

export async function selectSources(source: string | undefined, pool: Pool): Promise<readonly SourceRow[]> {
  if (source !== undefined) {
    const row = await findSource(source, pool);
    if (!row.enabled) throw new Error(`${source} is disabled; run: sources enable ${source}`);
    return [row];
  }
  return (await readSourceStatuses(pool)).filter(({ enabled, config }) => enabled && config !== null);
}

export async function findSource(source: string, pool: Pool): Promise<SourceRow> {
  const rows = await readSourceStatuses(pool);
  const row = rows.find((each) => each.source === source);
  if (row) return row;
  throw new Error(`unknown source ${source}; known sources: ${rows.map((each) => each.source).join(', ')}`);
}
