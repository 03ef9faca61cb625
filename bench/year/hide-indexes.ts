/** Hides indexes from the planner for a while, which is faster than dropping and rebuilding them. */
import type { ClientBase } from 'pg';

/**
 * PostgreSQL updates an invalid index but never reads it. Only new connections notice, because cached plans stay valid.
 * @param superuser of the server
 */
export async function hideIndexes<T>(
  superuser: ClientBase,
  indexes: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const mark = (valid: boolean) =>
    superuser.query('update pg_index set indisvalid = $2 where indexrelid = any($1::regclass[])', [indexes, valid]);
  await mark(false);
  try {
    return await work();
  } finally {
    await mark(true);
  }
}
