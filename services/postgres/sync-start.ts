/** Reads where the next sync of a source begins. */
import type { Pool } from 'pg';
import type { SyncStart } from '../provenance/source.ts';

export async function readSyncStart(pool: Pool, source: string): Promise<SyncStart> {
  const { rows } = await pool.query<SyncStart>({
    name: 'sync-start',
    text: 'select cursor, cursor_stamp as "cursorStamp" from source_sync where source = $1',
    values: [source],
  });
  return rows[0] ?? { cursor: null, cursorStamp: null };
}
