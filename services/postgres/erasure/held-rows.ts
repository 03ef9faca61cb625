/** Counts the rows stored about a user, by table. */
import type { Pool } from 'pg';

type HeldRows = {
  /** Recorded data: none is left after an erasure. */
  readonly recorded: Readonly<Record<string, number>>;
  /** Deleted only by an erasure with the account. */
  readonly account: Readonly<Record<string, number>>;
};

export async function countHeldRows(pool: Pool, userId: string): Promise<HeldRows> {
  const { rows } = await pool.query<HeldRows>({
    text: `
      select
        json_build_object(
          'ai_dialogue_log', (select count(*) from ai_dialogue_log where user_id = $1),
          'provenance', (
            select count(*) from provenance join ai_dialogue_log dialogue on dialogue.id = provenance.dialogue_id
            where dialogue.user_id = $1
          ),
          'relevance_judging', (
            select count(*) from relevance_judging judging join ai_dialogue_log dialogue on dialogue.id = judging.dialogue_id
            where dialogue.user_id = $1
          ),
          'idempotency_key', (select count(*) from idempotency_key where user_id = $1),
          'orphaned_dialogue', (select count(*) from orphaned_dialogue where user_id = $1),
          'pending_span', (select count(*) from pending_span where user_id = $1)
        ) as recorded,
        json_build_object(
          'users', (select count(*) from users where id = $1),
          'provenance.acquired_by', (
            select count(*) from provenance where acquired_by = $1 and content_type <> 'ai_response'
          )
        ) as account`,
    values: [userId],
  });
  const [held] = rows;
  if (held === undefined) throw new Error('an aggregate query returned no row');
  return held;
}
