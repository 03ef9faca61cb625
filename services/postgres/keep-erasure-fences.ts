/** Puts the marks of erasures back that a restored database lacks: what their users had asked before is refused again. */
import type { ClientBase, Pool } from 'pg';

type KeptFence = {
  readonly id: string;
  readonly userSha256: string;
  readonly askedUntil: Date;
  /** Null: the erasure has not been done again yet. */
  readonly receiptId: string | null;
};

/** A mark that is there may be from the middle of its erasure: the time given is the one that it ended with. */
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
