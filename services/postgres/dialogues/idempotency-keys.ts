/** Statements on the idempotency_key table: reserve, release, expire. */
import type { ClientBase, Pool } from 'pg';

/** Deletes the keys created before an instant. @returns their number */
export async function deleteOldIdempotencyKeys(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-idempotency-keys',
    text: 'delete from idempotency_key where created_at < $1',
    values: [before],
  });
  return rowCount ?? 0;
}

/**
 * Releases the key of a failed question, so that a retry runs under the same dialogue id. The row stays, expired: an
 * abandoned commit may have succeeded after all, and the retry must then find it.
 * @param leaseSeconds as in the reservation
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
  /** Whether this call made the reservation; otherwise the fields are those of the first call. */
  readonly reserved: boolean;
  readonly requestSha256: string;
  readonly dialogueId: string;
};

/**
 * Reserves a key, so that a question sent twice is answered once.
 * @param leaseSeconds after which a reservation without an answer, whose server died, may be taken over
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
    // The update takes over an expired reservation and keeps its dialogue id, so that an answer committed after all is
    // found.
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
  if (row === undefined) throw new Error('a reservation returned no row');
  return row;
}
