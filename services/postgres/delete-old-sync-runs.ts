/** Deletes runs of syncs that nobody asks for any more: a source that is synced every minute has 1,440 a day. */
import type { Pool } from 'pg';

/**
 * The oldest first. What the last sync of a source did is in `source_sync`. Runs of other jobs stay: they are a few a day, and metrics
 * count them.
 * @returns how many, at most `limit`
 */
export async function deleteOldSyncRuns(
  pool: Pool,
  { endedBefore, limit }: { endedBefore: Date; limit: number },
): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-sync-runs',
    text: `
      delete from job_run where id in (
        select id from job_run
        -- One that is under way since then was killed.
        where job like 'sync:%' and coalesce(finished_at, lease_until) < $1
        order by started_at limit $2
      )`,
    values: [endedBefore, limit],
  });
  return rowCount ?? 0;
}
