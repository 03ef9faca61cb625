/** Ends the account of a source's sync, and keeps where the next one begins. */
import type { Pool } from 'pg';
import type { SyncStart } from '../provenance/source.ts';

export type SyncEnd = {
  readonly source: string;
  readonly runId: string;
  /** Null: it succeeded. One line, without text of content. */
  readonly error: string | null;
  /** The source asked not to be asked before then; null: it did not. */
  readonly notBefore: Date | null;
  /** Null: the next one begins where this one did. */
  readonly next: SyncStart | null;
};

export async function endSync(pool: Pool, { source, runId, error, notBefore, next }: SyncEnd): Promise<void> {
  await pool.query({
    name: 'sync-end',
    text: `
      update source_sync set
        finished_at = now(), error = $3, not_before = $7, outcome = case when $3::text is null then 'succeeded' else 'failed' end,
        succeeded_at = case when $3::text is null then now() else succeeded_at end,
        cursor = case when $4 then $5::jsonb else cursor end,
        cursor_stamp = case when $4 then $6 else cursor_stamp end
      where source = $1 and run_id = $2`,
    values: [
      source,
      runId,
      error,
      next !== null,
      JSON.stringify(next?.cursor ?? null),
      next?.cursorStamp ?? null,
      notBefore,
    ],
  });
}
