/** Hides indexes from the planner while something runs without them: a moment's work where dropping takes a rebuild. */
import type { ClientBase } from 'pg';

/**
 * An index that is marked as invalid is kept up to date and never read. New connections see it; plans that a connection
 * has cached stay.
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
