/** Statements on source items that failed and are retried. */
import type { Pool } from 'pg';
import type { FailingItem } from '../../provenance/source.ts';

/**
 * Reads the stored item of a failed one, as its source listed it; null: no longer stored. One at a time, because an
 * item may be as large as an article.
 */
export async function readFailedItem(pool: Pool, { source, key }: { source: string; key: string }): Promise<unknown> {
  const { rows } = await pool.query<{ item: unknown }>({
    name: 'failed-source-item',
    text: 'select failed_item as item from source_item where source = $1 and key = $2',
    values: [source, key],
  });
  return rows[0]?.item ?? null;
}

/** Reads the items of a source that await a retry. */
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

type ItemFailure = {
  readonly key: string;
  readonly reason: string;
  readonly failures: number;
  /** Null: when it is listed again or changes. */
  readonly retryAt: Date | null;
};

/** Reads the failed items of a source for operators, the latest attempts first. */
export async function readFailures(
  pool: Pool,
  { source, limit }: { source: string; limit: number },
): Promise<readonly ItemFailure[]> {
  const { rows } = await pool.query<ItemFailure>({
    name: 'read-failures',
    text: `
      select key, failure as reason, failures, retry_at as "retryAt"
      from source_item where source = $1 and failure is not null
      order by checked_at desc, key limit $2`,
    values: [source, limit],
  });
  return rows;
}
