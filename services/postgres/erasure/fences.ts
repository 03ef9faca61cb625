/** Statements on the erasure_fence table, which makes the database reject late writes of an erased user. */
import type { ClientBase, Pool } from 'pg';

/**
 * Deletes fences that are no longer needed.
 * @param doneBefore completed erasures older than any backup that may still be restored
 * @param abandonedBefore erasures without a receipt, older than any question takes
 * @returns the number of deleted fences
 */
export async function deleteOldErasureFences(
  pool: Pool,
  { doneBefore, abandonedBefore }: { doneBefore: Date; abandonedBefore: Date },
): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-erasure-fences',
    text: `
      delete from erasure_fence
      where asked_until < case when receipt_id is null then $2::timestamptz else $1::timestamptz end`,
    values: [doneBefore, abandonedBefore],
  });
  return rowCount ?? 0;
}

type RestoredFence = {
  readonly id: string;
  readonly userSha256: string;
  readonly askedUntil: Date;
  /** Null: the erasure has not been repeated yet. */
  readonly receiptId: string | null;
};

/**
 * Restores fences that are missing after a restore, so that their users' earlier questions are rejected again. An
 * existing fence may stem from the middle of its erasure and gets its final time.
 */
export async function restoreErasureFences(db: Pool | ClientBase, fences: readonly RestoredFence[]): Promise<void> {
  await db.query({
    text: `
      insert into erasure_fence as existing (id, user_sha256, asked_until, receipt_id)
      select id, decode(user_sha256, 'hex'), asked_until, receipt_id
      from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[]) as fence (id, user_sha256, asked_until, receipt_id)
      on conflict (id) do update set
        asked_until = excluded.asked_until,
        receipt_id = coalesce(excluded.receipt_id, existing.receipt_id)`,
    values: [
      fences.map(({ id }) => id),
      fences.map(({ userSha256 }) => userSha256),
      fences.map(({ askedUntil }) => askedUntil),
      fences.map(({ receiptId }) => receiptId),
    ],
  });
}

/**
 * Begins an erasure: from the commit on, the database rejects what the user asked until `askedUntil`, by the clock that
 * dates questions.
 */
export async function raiseErasureFence(
  db: Pool | ClientBase,
  { id, userId, askedUntil }: { id: string; userId: string; askedUntil: Date },
): Promise<void> {
  await db.query({
    text: 'insert into erasure_fence (id, user_sha256, asked_until) values ($1, sha256(uuid_send($2::uuid)), $3)',
    values: [id, userId, askedUntil],
  });
}

/** Ends an erasure: questions after `askedUntil` are recorded again. */
export async function settleErasureFence(
  client: ClientBase,
  { id, askedUntil }: { id: string; askedUntil: Date },
): Promise<void> {
  await client.query({ text: 'update erasure_fence set asked_until = $2 where id = $1', values: [id, askedUntil] });
}
