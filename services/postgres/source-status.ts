/** Reads what is known of each source: its row, its last sync, its items. */
import type { Pool } from 'pg';
import type { SourceStatus, SyncCounts } from '../provenance/source.ts';
import { sourceColumns } from './source-row.ts';

type Row = Omit<SourceStatus, 'sync'> & SourceStatus['sync'] & SyncCounts;

/** By name. */
export async function readSourceStatuses(pool: Pool): Promise<readonly SourceStatus[]> {
  const { rows } = await pool.query<Row>({
    name: 'source-status',
    text: `
      select ${sourceColumns},
        started_at as "startedAt", finished_at as "finishedAt", succeeded_at as "succeededAt", outcome, error,
        coalesce(listed, 0) as listed, coalesce(created, 0) as created, coalesce(replaced, 0) as replaced,
        coalesce(unchanged, 0) as unchanged, coalesce(removed, 0) as removed, coalesce(failed, 0) as failed,
        coalesce((
          select max(at) from plugin_registry_audit where plugin_registry_audit.source = plugin_registry.source
        ), created_at) as "changedAt",
        coalesce(items, 0)::integer as items, coalesce("failingItems", 0)::integer as "failingItems"
      from plugin_registry
      left join source_sync using (source)
      left join (
        select source, count(*) filter (where gone_at is null and content_id is not null) as items,
          count(*) filter (where failure is not null) as "failingItems"
        from source_item group by source
      ) as item using (source)
      order by plugin_registry.source`,
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
      ...row
    }) => ({
      ...row,
      sync: {
        startedAt,
        finishedAt,
        succeededAt,
        outcome,
        error,
        counts: { listed, created, replaced, unchanged, removed, failed },
      },
    }),
  );
}
