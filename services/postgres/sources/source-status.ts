/** Reads the status of sources: configuration, last sync, item counts. */
import type { Pool } from 'pg';
import type { SourceStatus, SyncCounts } from '../../provenance/source.ts';
import { sourceColumns } from './registry.ts';

type Row = Omit<SourceStatus, 'sync'> & SourceStatus['sync'] & SyncCounts;

/** @param source null: all sources, by name */
export async function readSourceStatuses(pool: Pool, source: string | null = null): Promise<readonly SourceStatus[]> {
  const { rows } = await pool.query<Row>({
    name: 'source-status',
    text: `
      select ${sourceColumns},
        started_at as "startedAt", finished_at as "finishedAt", succeeded_at as "succeededAt", outcome, error,
        coalesce(listed, 0) as listed, coalesce(created, 0) as created, coalesce(replaced, 0) as replaced,
        coalesce(unchanged, 0) as unchanged, coalesce(removed, 0) as removed, coalesce(failed, 0) as failed,
        coalesce(skipped, 0) as skipped, coalesce(unusable, 0) as unusable,
        coalesce((
          select max(at) from plugin_registry_audit where plugin_registry_audit.source = plugin_registry.source
        ), created_at) as "changedAt",
        coalesce(items, 0) as items, coalesce(failing, 0) as "failingItems"
      from plugin_registry
      left join source_sync using (source)
      left join source_item_count using (source)
      where $1::text is null or plugin_registry.source = $1
      order by plugin_registry.source`,
    values: [source],
  });
  return rows.map(
    ({
      startedAt,
      finishedAt,
      succeededAt,
      outcome,
      error,
      listed,
      created,
      replaced,
      unchanged,
      removed,
      failed,
      skipped,
      unusable,
      ...row
    }) => ({
      ...row,
      sync: {
        startedAt,
        finishedAt,
        succeededAt,
        outcome,
        error,
        counts: { listed, created, replaced, unchanged, removed, failed, skipped, unusable },
      },
    }),
  );
}
