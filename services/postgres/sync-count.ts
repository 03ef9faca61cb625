/** Writes how far a source's sync has come. */
import type { Pool } from 'pg';
import type { SyncCounts } from '../provenance/source.ts';

export async function countSync(
  pool: Pool,
  { source, runId, counts }: { source: string; runId: string; counts: SyncCounts },
): Promise<void> {
  const { listed, created, replaced, unchanged, removed, failed } = counts;
  await pool.query({
    name: 'sync-count',
    text: `
      update source_sync set listed = $3, created = $4, replaced = $5, unchanged = $6, removed = $7, failed = $8
      where source = $1 and run_id = $2`,
    values: [source, runId, listed, created, replaced, unchanged, removed, failed],
  });
}
