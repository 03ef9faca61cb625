/** Deletes the marks of erasures that no answer waits behind, and no backup lacks, any more. */
import type { Pool } from 'pg';

/**
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
