/** Finds the sources whose sync is due. */
import type { Pool } from 'pg';

export type DueSource = {
  readonly source: string;
  /** A sync of it that succeeded since then makes another one unnecessary; null: somebody asks for it now. */
  readonly since: Date | null;
};

/**
 * Enabled, and asked for, or longer ago than its row says. One that failed is due again after `retryMinutes`; one that was killed,
 * at once; one whose source asked to be left alone, not before then.
 */
export async function findDueSources(pool: Pool, retryMinutes: number): Promise<readonly DueSource[]> {
  const { rows } = await pool.query<DueSource>({
    name: 'due-sources',
    text: `
      select source, case when requested_at is null then now() - sync_every_minutes * interval '1 minute' end as since
      from plugin_registry
      left join source_sync using (source)
      -- One that is under way, since yesterday perhaps, would keep its lease from another.
      where enabled and not exists (
        select from job_run
        where job = 'sync:' || plugin_registry.source and state = 'running' and lease_until >= now()
      ) and (
        requested_at is not null
        or sync_every_minutes is not null and (not_before is null or not_before <= now()) and (
          started_at is null or outcome = 'running'
          or started_at <= now() - sync_every_minutes * interval '1 minute'
          or outcome = 'failed' and finished_at <= now() - $1::integer * interval '1 minute'
        )
      )
      -- Whoever has waited the longest: a worker syncs a few at a time, and some sources are always due.
      order by requested_at nulls last, started_at nulls first, source`,
    values: [retryMinutes],
  });
  return rows;
}
