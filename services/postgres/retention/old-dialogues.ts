/** Statements that count and delete dialogues older than the retention period. */
import type { ClientBase, Pool } from 'pg';
import type { DialogueBatch } from '../../retention/delete-dialogues.ts';
import type { Cutoff, DeletedCounts } from '../../retention/old-dialogues.ts';

/**
 * Writes down that a run deletes old dialogues, before it deletes the first.
 * Again for the same run, when it is tried again: its counts go on.
 */
export async function beginDialogueRetention(pool: Pool, runId: string, { before, heldBackBy }: Cutoff): Promise<void> {
  await pool.query({
    name: 'begin-dialogue-retention',
    text: `
      insert into dialogue_retention_run (run_id, deleted_before, held_back_by) values ($1, $2, $3)
      on conflict (run_id) do update set deleted_before = excluded.deleted_before, held_back_by = excluded.held_back_by`,
    values: [runId, before, heldBackBy],
  });
}

/** Counts what the deletion of old dialogues would take; those that adoption moved aside count with the others. */
export async function countOldDialogues(pool: Pool, before: Date): Promise<DeletedCounts> {
  const { rows } = await pool.query<DeletedCounts>({
    name: 'count-old-dialogues',
    text: `
      with old as materialized (select id, user_id from ai_dialogue_log where created_at < $1)
      select
        (select count(*) from old) + (
          select count(*) from orphaned_dialogue where (dialogue ->> 'created_at')::timestamptz < $1
        ) as ai_dialogue_log,
        (select count(*) from old join provenance on provenance.dialogue_id = old.id) as provenance,
        (select count(*) from old join relevance_judging on relevance_judging.dialogue_id = old.id) as relevance_judging,
        (select count(*) from old join idempotency_key key on key.dialogue_id = old.id and key.user_id = old.user_id)
          as idempotency_key`,
    values: [before],
  });
  const [counts] = rows;
  if (counts === undefined) throw new Error('an aggregate without groups gave no row');
  return counts;
}

/**
 * Deletes one batch of old dialogues with all that hangs on them, and adds it to the run's counts, all or nothing.
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

/**
 * Deletes one batch of the old dialogues that adoption moved aside, and adds it to the run's counts, all or nothing.
 * @returns how many; they are counted with the other dialogues
 */
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

/**
 * Tells how far the deletion of old dialogues has come.
 * @returns the instant before which dialogues were deleted; null where none ever were
 */
export async function dialoguesDeletedBefore(db: Pool | ClientBase): Promise<Date | null> {
  const { rows } = await db.query<{ before: Date | null }>({
    name: 'dialogues-deleted-before',
    text: 'select max(deleted_before) as before from dialogue_retention_run where ai_dialogue_log > 0',
  });
  return rows[0]?.before ?? null;
}
