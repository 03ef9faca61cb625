/** Writes down that a run deletes old dialogues, before it deletes the first. */
import type { Pool } from 'pg';
import type { Cutoff } from '../retention/old-dialogues.ts';

/** Again for the same run, when it is tried again: its counts go on. */
export async function beginDialogueRetention(pool: Pool, runId: string, { before, heldBackBy }: Cutoff): Promise<void> {
  await pool.query({
    name: 'begin-dialogue-retention',
    text: `
      insert into dialogue_retention_run (run_id, deleted_before, held_back_by) values ($1, $2, $3)
      on conflict (run_id) do update set deleted_before = excluded.deleted_before, held_back_by = excluded.held_back_by`,
    values: [runId, before, heldBackBy],
  });
}
