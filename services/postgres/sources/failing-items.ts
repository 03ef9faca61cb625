/** Statements of source items that failed and are tried again. */
import type { Pool } from 'pg';
import type { FailingItem } from '../../provenance/source.ts';

/**
 * Reads what is kept of an item that failed: one at a time, because it may be as large as an article.
 * As its source told of it; null: nothing is kept of it any more.
 */
export async function readFailedItem(pool: Pool, { source, key }: { source: string; key: string }): Promise<unknown> {
  const { rows } = await pool.query<{ item: unknown }>({
    name: 'failed-source-item',
    text: 'select failed_item as item from source_item where source = $1 and key = $2',
    values: [source, key],
  });
  return rows[0]?.item ?? null;
}

/** Reads which items of a source wait to be tried again. */
export async function readFailingItems(pool: Pool, source: string): Promise<readonly FailingItem[]> {
  const { rows } = await pool.query<FailingItem>({
    name: 'failing-source-items',
    text: `
      select key, failed_version_hash as "versionHash", failures, retry_at <= now() as due
      from source_item where source = $1 and failed_version_hash is not null`,
    values: [source],
  });
  return rows;
}

type FailureTold = {
  readonly key: string;
  readonly reason: string;
  readonly failures: number;
  /** Null: when it is listed again, or has changed. */
  readonly retryAt: Date | null;
};

/**
 * Reads which items of a source could not be taken in, for whoever looks after it.
 * Those first that were tried last.
 */
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
