/** Reads which items of a source could not be taken in, for whoever looks after it. */
import type { Pool } from 'pg';

export type FailureTold = {
  readonly key: string;
  readonly reason: string;
  readonly failures: number;
  /** Null: when it is listed again, or has changed. */
  readonly retryAt: Date | null;
};

/** Those first that were tried last. */
export async function readFailures(
  pool: Pool,
  { source, limit }: { source: string; limit: number },
): Promise<readonly FailureTold[]> {
  const { rows } = await pool.query<FailureTold>({
    name: 'read-failures',
    text: `
      select key, failure as reason, failures, retry_at as "retryAt"
      from source_item where source = $1 and failure is not null
      order by checked_at desc, key limit $2`,
    values: [source, limit],
  });
  return rows;
}
