/** Finds the LMS's tables that a deleted user would change. */
import type { Pool } from 'pg';

/** @returns names of tables, other than ours, whose key to `users` cascades, sets null or sets a default */
export async function tablesChangedWithUsers(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select distinct conrelid::regclass::text as name
    from pg_constraint
    where contype = 'f' and confrelid = 'users'::regclass and confdeltype in ('c', 'n', 'd')
      and conrelid not in ('ai_dialogue_log'::regclass, 'provenance'::regclass, 'idempotency_key'::regclass)
    order by 1`);
  return rows.map(({ name }) => name);
}
