/** Frees an Idempotency-Key whose question failed, so that asking again is a new try under the same dialogue id. */
import type { ClientBase } from 'pg';

/**
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
