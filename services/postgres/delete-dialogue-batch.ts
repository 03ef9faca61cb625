/** Deletes one batch of old dialogues with all that hangs on them, and adds it to the run's counts, all or nothing. */
import type { Pool } from 'pg';
import type { DialogueBatch } from '../retention/delete-dialogues.ts';
import type { DeletedCounts } from '../retention/old-dialogues.ts';

/**
 * Provenance and judgements go by their keys to the dialogue; an idempotency key has none and is deleted by name. A dialogue
 * that is locked, because its user votes or is being erased, is passed over.
 * @param given.from where the batch before ended, so that what it deleted is not looked through again
 */
export async function deleteDialogueBatch(
  pool: Pool,
  { runId, before, from, limit }: { runId: string; before: Date; from: string | null; limit: number },
): Promise<DialogueBatch> {
  const { rows } = await pool.query<DeletedCounts & { next: string | null }>({
    name: 'delete-dialogue-batch',
    text: `
      with old as materialized (
        select id, user_id, created_at from ai_dialogue_log
        where created_at < $1 and created_at >= coalesce($2::timestamptz, '-infinity')
        order by created_at
        limit $3
        for update skip locked
      ), key as (
        delete from idempotency_key using old
        where idempotency_key.user_id = old.user_id and idempotency_key.dialogue_id = old.id
        returning 1
      ), removed as (
        delete from ai_dialogue_log using old where ai_dialogue_log.id = old.id returning 1
      ), counted as (
        select
          (select count(*) from removed) as ai_dialogue_log,
          (select count(*) from old join provenance on provenance.dialogue_id = old.id) as provenance,
          (select count(*) from old join relevance_judging on relevance_judging.dialogue_id = old.id) as relevance_judging,
          (select count(*) from key) as idempotency_key
      ), noted as (
        update dialogue_retention_run run set
          last_batch_at = now(),
          ai_dialogue_log = run.ai_dialogue_log + counted.ai_dialogue_log,
          provenance = run.provenance + counted.provenance,
          relevance_judging = run.relevance_judging + counted.relevance_judging,
          idempotency_key = run.idempotency_key + counted.idempotency_key
        from counted
        where run.run_id = $4
      )
      select counted.*, (select max(created_at)::text from old) as next from counted`,
    values: [before, from, limit, runId],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a deletion gives its counts');
  const { next, ...counts } = row;
  return { counts, next };
}
