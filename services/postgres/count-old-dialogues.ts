/** Counts what the deletion of old dialogues would take; those that adoption moved aside count with the others. */
import type { Pool } from 'pg';
import type { DeletedCounts } from '../retention/old-dialogues.ts';

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
