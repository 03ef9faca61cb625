/** Statements on sync runs: find due sources, begin, count, end, clean up. */
import type { Pool } from 'pg';
import type { SyncCounts, SyncStart } from '../../provenance/source.ts';

/**
 * Deletes old sync runs, the oldest first: a source synced every minute has 1,440 a day. The last sync of each source
 * is in `source_sync`. Runs of other jobs stay, because they are few and metrics count them.
 * @returns the number of deleted runs, at most `limit`
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
        -- One still running since then was killed.
        where job like 'sync:%' and coalesce(finished_at, lease_until) < $1
        order by started_at limit $2
      )`,
    values: [endedBefore, limit],
  });
  return rowCount ?? 0;
}

type DueSource = {
  readonly source: string;
  /** Skip the sync if one has succeeded since then; null: a sync was requested. */
  readonly since: Date | null;
};

/**
 * Finds the enabled sources whose sync was requested or is due. A failed sync is due again after `retryMinutes`, a
 * killed one at once, and none before the time until which the source asked to wait.
 */
export async function findDueSources(pool: Pool, retryMinutes: number): Promise<readonly DueSource[]> {
  const { rows } = await pool.query<DueSource>({
    name: 'due-sources',
    text: `
      select source, case when requested_at is null then now() - sync_every_minutes * interval '1 minute' end as since
      from plugin_registry
      left join source_sync using (source)
      -- A running sync, perhaps since yesterday, holds the lease.
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
      -- The longest waiting first: a worker syncs a few at a time, and some sources are always due.
      order by requested_at nulls last, started_at nulls first, source`,
    values: [retryMinutes],
  });
  return rows;
}

/** Requests a sync by the workers. @returns false if the source is disabled */
export async function requestSync(pool: Pool, source: string): Promise<boolean> {
  const { rows } = await pool.query<{ requested: boolean }>({
    name: 'request-sync',
    text: 'select rag_request_sync($1) as requested',
    values: [source],
  });
  return rows[0]?.requested === true;
}

/** Records the start of a sync. */
export async function beginSync(pool: Pool, { source, runId }: { source: string; runId: string }): Promise<void> {
  await pool.query({
    name: 'sync-begin',
    text: `
      insert into source_sync (source, run_id, started_at, outcome) values ($1, $2, now(), 'running')
      on conflict (source) do update set
        run_id = excluded.run_id, started_at = now(), finished_at = null, outcome = 'running', error = null, requested_at = null, not_before = null,
        listed = 0, created = 0, replaced = 0, unchanged = 0, removed = 0, failed = 0, skipped = 0, unusable = 0`,
    values: [source, runId],
  });
}

/** Records the progress of a sync. */
export async function countSync(
  pool: Pool,
  { source, runId, counts }: { source: string; runId: string; counts: SyncCounts },
): Promise<void> {
  const { listed, created, replaced, unchanged, removed, failed, skipped, unusable } = counts;
  await pool.query({
    name: 'sync-count',
    text: `
      update source_sync set
        listed = $3, created = $4, replaced = $5, unchanged = $6, removed = $7, failed = $8, skipped = $9, unusable = $10
      where source = $1 and run_id = $2`,
    values: [source, runId, listed, created, replaced, unchanged, removed, failed, skipped, unusable],
  });
}

type SyncEnd = {
  readonly source: string;
  readonly runId: string;
  /** One line, without text of content; null: it succeeded. */
  readonly error: string | null;
  /** The time until which the source asked to wait; null: none. */
  readonly notBefore: Date | null;
  /** Where the next sync begins; null: where this one did. */
  readonly next: SyncStart | null;
};

/** Records the end of a sync and where the next one begins. */
export async function endSync(pool: Pool, { source, runId, error, notBefore, next }: SyncEnd): Promise<void> {
  await pool.query({
    name: 'sync-end',
    text: `
      update source_sync set
        finished_at = now(), error = $3, not_before = $7, outcome = case when $3::text is null then 'succeeded' else 'failed' end,
        succeeded_at = case when $3::text is null then now() else succeeded_at end,
        cursor = case when $4 then $5::jsonb else cursor end,
        cursor_hash = case when $4 then $6 else cursor_hash end
      where source = $1 and run_id = $2`,
    values: [
      source,
      runId,
      error,
      next !== null,
      JSON.stringify(next?.cursor ?? null),
      next?.cursorHash ?? null,
      notBefore,
    ],
  });
}

/** Reads where the next sync begins. */
export async function readSyncStart(pool: Pool, source: string): Promise<SyncStart> {
  const { rows } = await pool.query<SyncStart>({
    name: 'sync-start',
    text: 'select cursor, cursor_hash as "cursorHash" from source_sync where source = $1',
    values: [source],
  });
  return rows[0] ?? { cursor: null, cursorHash: null };
}
