/** Finds who of the users in the database is meant by the SHA-256 of their id. */
import type { Pool } from 'pg';

/**
 * Every id is hashed, so it takes a scan of `users` and of what was moved aside, and a look at each different user of the
 * dialogues.
 * @param hashes lower-case hexadecimal
 * @returns ids by hash, of those who are there
 */
export async function findErasedUsers(pool: Pool, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; hash: string }>({
    text: `
      with recursive asker as (
        (select user_id from ai_dialogue_log order by user_id limit 1)
        union all
        select (select user_id from ai_dialogue_log where user_id > asker.user_id order by user_id limit 1)
        from asker where asker.user_id is not null
      ), known as (
        select id from users union select user_id from asker where user_id is not null
        union select user_id from orphaned_dialogue
      ), hashed as (
        select id, encode(sha256(uuid_send(id)), 'hex') as hash from known
      )
      select id, hash from hashed where hash = any($1)`,
    values: [hashes],
  });
  return new Map(rows.map(({ id, hash }) => [hash, id]));
}
