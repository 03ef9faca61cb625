/** Statements of the idempotency_key table: reserve, release, expire. */
import type { ClientBase, Pool } from 'pg';

/**
 * Deletes the idempotency keys that nobody will send again.
 * @returns how many
 */
export async function deleteOldIdempotencyKeys(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-idempotency-keys',
    text: 'delete from idempotency_key where created_at < $1',
    values: [before],
  });
  return rowCount ?? 0;
}

/**
 * Frees an Idempotency-Key whose question failed, so that asking again is a new try under the same dialogue id.
 * The row stays, as one whose server died long ago: a commit that was given up may have gone through after all, and the
 * new try must then find it.
 * @param leaseSeconds as for the reservation
 */
export async function releaseIdempotencyKey(
  client: ClientBase,
  { userId, key, leaseSeconds }: { userId: string; key: string; leaseSeconds: number },
): Promise<void> {
  await client.query({
    name: 'release-idempotency-key',
    text: `
      update idempotency_key set created_at = least(created_at, now() - make_interval(secs => $3 + 1))
      where user_id = $1 and key = $2`,
    values: [userId, key, leaseSeconds],
  });
}

type Reservation = {
  /** Whether this call made the reservation; otherwise the fields are the first call's. */
  readonly reserved: boolean;
  readonly requestSha256: string;
  readonly dialogueId: string;
};

/**
 * Reserves an Idempotency-Key, so that a question sent twice is answered once.
 * @param leaseSeconds after which a reservation whose answer never came (its server died) may be taken over
 */
export async function reserveIdempotencyKey(
  client: ClientBase,
  {
    userId,
    key,
    requestSha256,
    dialogueId,
    leaseSeconds,
  }: { userId: string; key: string; requestSha256: string; dialogueId: string; leaseSeconds: number },
): Promise<Reservation> {
  const { rows } = await client.query<Reservation>({
    name: 'reserve-idempotency-key',
    // The update takes a dead reservation over and keeps its dialogue id: had the first answer been committed after all,
    // the same id would show it.
    text: `
      insert into idempotency_key as held (user_id, key, request_sha256, dialogue_id)
      values ($1, $2, $3, $4)
      on conflict (user_id, key) do update set
        created_at = case
          when held.created_at < now() - make_interval(secs => $5)
            and held.request_sha256 = excluded.request_sha256
            and not exists (select from ai_dialogue_log where id = held.dialogue_id)
          then now() else held.created_at end
      returning
        created_at = now() as reserved,
        request_sha256 as "requestSha256",
        dialogue_id as "dialogueId"`,
    values: [userId, key, requestSha256, dialogueId, leaseSeconds],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a reservation gives back its row');
  return row;
}
