/** Deletes what is recorded about a user. */
import type { ClientBase } from 'pg';
import type { ErasedCounts } from './receipt-chain.ts';

/**
 * The keys would cascade too; each table is named so that each is counted. The row in `users` stays.
 * @param askedUntil what was asked later stays
 */
export async function deleteUserRows(
  client: ClientBase,
  userId: string,
  askedUntil: Date | 'infinity' = 'infinity',
): Promise<Omit<ErasedCounts, 'users'>> {
  const { rows } = await client.query<Omit<ErasedCounts, 'users'>>({
    text: `
      with judging as (
        delete from relevance_judging using ai_dialogue_log dialogue
        where dialogue.id = relevance_judging.dialogue_id and dialogue.user_id = $1 and (dialogue.created_at <= $2) is not false
        returning 1
      ), origin as (
        delete from provenance using ai_dialogue_log dialogue
        where dialogue.id = provenance.dialogue_id and dialogue.user_id = $1 and (dialogue.created_at <= $2) is not false
        returning 1
      ), dialogue as (
        delete from ai_dialogue_log where user_id = $1 and (created_at <= $2) is not false returning 1
      ), aside as (
        delete from orphaned_dialogue
        where user_id = $1 and ((orphaned_dialogue.dialogue ->> 'created_at')::timestamptz <= $2) is not false
        returning 1
      ), key as (
        delete from idempotency_key where user_id = $1 and (created_at <= $2) is not false returning 1
      )
      select
        (select count(*) from dialogue) + (select count(*) from aside) as ai_dialogue_log,
        (select count(*) from origin) as provenance,
        (select count(*) from judging) as relevance_judging,
        (select count(*) from key) as idempotency_key`,
    values: [userId, askedUntil],
  });
  const [counts] = rows;
  if (counts === undefined) throw new Error('a deletion gives its counts');
  return counts;
}
