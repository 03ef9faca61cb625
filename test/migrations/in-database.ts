/** Gives a test an empty database of its own. */
import { createDatabase, type TestDatabase } from '../kit/database/test-database.ts';

export async function inDatabase(work: (db: TestDatabase) => Promise<void>): Promise<void> {
  const db = await createDatabase(null);
  try {
    await work(db);
  } finally {
    await db.close();
  }
}
