/** Asks the database whether it is there. */
import type { Pool } from 'pg';

export async function databaseAnswers(pool: Pool): Promise<boolean> {
  try {
    await pool.query('select 1');
    return true;
  } catch {
    return false;
  }
}
