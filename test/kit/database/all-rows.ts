/** Reads all rows of a database, for tests that check that nothing changes. */
import type { TestDatabase } from './test-database.ts';

/** @returns the rows of each table as text, by table name */
export async function allRows(db: TestDatabase): Promise<Record<string, readonly string[]>> {
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const all: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    const rows = await db.query<{ row: string }>(`select each::text as row from "${name}" as each order by 1`);
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}
