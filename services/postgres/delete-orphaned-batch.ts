/** Deletes one batch of the old dialogues that adoption moved aside, and adds it to the run's counts, all or nothing. */
import type { Pool } from 'pg';

/** @returns how many; they are counted with the other dialogues */
export async function deleteOrphanedBatch(
  pool: Pool,
  { runId, before, limit }: { runId: string; before: Date; limit: number },
): Promise<number> {
  const { rows } = await pool.query<{ removed: number }>({
    name: 'delete-orphaned-batch',
    text: `
      with removed as (
        delete from orphaned_dialogue where id = any(array(
          select id from orphaned_dialogue where (dialogue ->> 'created_at')::timestamptz < $1 limit $2
        ))
        returning 1
      ), noted as (
        update dialogue_retention_run run set
          last_batch_at = now(), ai_dialogue_log = run.ai_dialogue_log + (select count(*) from removed)
        where run_id = $3 and exists (select from removed)
      )
      select count(*) as removed from removed`,
    values: [before, limit, runId],
  });
  return rows[0]?.removed ?? 0;
}
