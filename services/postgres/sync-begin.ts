/** Begins the account of a source's sync. */
import type { Pool } from 'pg';

export async function beginSync(pool: Pool, { source, runId }: { source: string; runId: string }): Promise<void> {
  await pool.query({
    name: 'sync-begin',
    text: `
      insert into source_sync (source, run_id, started_at, outcome) values ($1, $2, now(), 'running')
      on conflict (source) do update set
        run_id = excluded.run_id, started_at = now(), finished_at = null, outcome = 'running', error = null, requested_at = null, not_before = null,
        listed = 0, created = 0, replaced = 0, unchanged = 0, removed = 0, failed = 0`,
    values: [source, runId],
  });
}
