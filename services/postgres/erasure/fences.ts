/** Statements of the erasure_fence table, which rejects late writes of an erased user. */
import type { ClientBase, Pool } from 'pg';

/**
 * Deletes the marks of erasures that no answer waits behind, and no backup lacks, any more.
 * @param given.doneBefore erasures whose rows are in no backup that may still be restored
 * @param given.givenUpBefore erasures that erased nothing: longer ago than any question takes
 * @returns how many
 */
export async function deleteOldErasureFences(
  pool: Pool,
  { doneBefore, givenUpBefore }: { doneBefore: Date; givenUpBefore: Date },
): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-erasure-fences',
    text: `
      delete from erasure_fence
      where asked_until < case when receipt_id is null then $2::timestamptz else $1::timestamptz end`,
    values: [doneBefore, givenUpBefore],
  });
  return rowCount ?? 0;
}

type KeptFence = {
  readonly id: string;
  readonly userSha256: string;
  readonly askedUntil: Date;
  /** Null: the erasure has not been done again yet. */
  readonly receiptId: string | null;
};

/**
 * Puts the marks of erasures back that a restored database lacks: what their users had asked before is refused again.
 * A mark that is there may be from the middle of its erasure: the time given is the one that it ended with.
 */
export async function keepErasureFences(db: Pool | ClientBase, fences: readonly KeptFence[]): Promise<void> {
  await db.query({
    text: `
      insert into erasure_fence as there (id, user_sha256, asked_until, receipt_id)
      select id, decode(user_sha256, 'hex'), asked_until, receipt_id
      from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[]) as fence (id, user_sha256, asked_until, receipt_id)
      on conflict (id) do update set
        asked_until = excluded.asked_until,
        receipt_id = coalesce(excluded.receipt_id, there.receipt_id)`,
    values: [
      fences.map(({ id }) => id),
      fences.map(({ userSha256 }) => userSha256),
      fences.map(({ askedUntil }) => askedUntil),
      fences.map(({ receiptId }) => receiptId),
    ],
  });
}

/**
 * Begins an erasure: from the commit on, the database refuses what a user asked until the time given.
 * @param fence.askedUntil by the clock that questions are dated with
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

/** Ends an erasure: what is asked from now on is recorded again. */
export async function settleErasureFence(
  client: ClientBase,
  { id, askedUntil }: { id: string; askedUntil: Date },
): Promise<void> {
  await client.query({ text: 'update erasure_fence set asked_until = $2 where id = $1', values: [id, askedUntil] });
}
