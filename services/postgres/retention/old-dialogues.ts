/** Statements that count and delete dialogues older than the retention period. */
import type { ClientBase, Pool } from 'pg';
import type { DialogueBatch } from '../../retention/delete-dialogues.ts';
import type { Cutoff, DeletedCounts } from '../../retention/old-dialogues.ts';

/**
 * Records that a run deletes old dialogues, before it deletes the first. A retry of the same run continues its counts.
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

/** Counts the rows that deleting old dialogues would remove; orphaned dialogues count as dialogues. */
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
  if (counts === undefined) throw new Error('an aggregate query returned no row');
  return counts;
}

/**
 * Deletes one batch of old dialogues with their dependent rows and adds it to the run's counts, atomically. Foreign
 * keys cascade to provenance and judgements; idempotency keys have none and are deleted explicitly. Locked dialogues,
 * whose user is voting or being erased, are skipped.
 * @param batch.from where the previous batch ended, so that deleted rows are not scanned again
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
  if (row === undefined) throw new Error('a deletion returned no counts');
  const { next, ...counts } = row;
  return { counts, next };
}

/**
 * Deletes one batch of the old dialogues that the adoption moved to `orphaned_dialogue`, and adds it to the run's
 * counts, atomically.
 * @returns the number of deleted rows, which count as dialogues
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

/** Reads the instant before which dialogues were deleted; null: none ever were. */
export async function dialoguesDeletedBefore(db: Pool | ClientBase): Promise<Date | null> {
  const { rows } = await db.query<{ before: Date | null }>({
    name: 'dialogues-deleted-before',
    text: 'select max(deleted_before) as before from dialogue_retention_run where ai_dialogue_log > 0',
  });
  return rows[0]?.before ?? null;
}
