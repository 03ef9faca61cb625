/** Makes the rows in `users` that turns of other applications belong to. */
import type { Pool } from 'pg';
import { isDataError, orUnavailable } from '../client/errors.ts';

/** 'refused': the LMS's table accepts no user without the values that only the LMS has. */
export async function ensureExternalUsers(pool: Pool, ids: readonly string[]): Promise<'there' | 'refused'> {
  try {
    await orUnavailable(
      pool.query({ name: 'ensure-external-users', text: 'select rag_ensure_external_users($1)', values: [ids] }),
    );
    return 'there';
  } catch (error) {
    if (isDataError(error)) return 'refused';
    throw error;
  }
}
