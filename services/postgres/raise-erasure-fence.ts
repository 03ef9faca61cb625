/** Begins an erasure: from the commit on, the database refuses what a user asked until the time given. */
import type { ClientBase, Pool } from 'pg';

/** @param fence.askedUntil by the clock that questions are dated with */
export async function raiseErasureFence(
  db: Pool | ClientBase,
  { id, userId, askedUntil }: { id: string; userId: string; askedUntil: Date },
): Promise<void> {
  await db.query({
    text: 'insert into erasure_fence (id, user_sha256, asked_until) values ($1, sha256(uuid_send($2::uuid)), $3)',
    values: [id, userId, askedUntil],
  });
}
