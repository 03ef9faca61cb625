/** Checks whether a query of the service uses an index. */
import type { ClientBase } from 'pg';
import { connect } from '../../services/postgres/client/connect.ts';
import type { Query } from './queries.ts';

/** Reads the server's statistics instead of explaining a plan. */
export async function usesIndex(url: string, superuser: ClientBase, query: Query): Promise<boolean> {
  const before = await scans(superuser, query.index);
  const pool = connect(url, { name: 'bench', max: 1 });
  await query.run(pool);
  // A server process reports its statistics before it exits.
  const [process] = (await pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  await pool.end();
  while ((await superuser.query('select from pg_stat_activity where pid = $1', [process?.pid])).rows.length > 0);
  return (await scans(superuser, query.index)) > before;
}

async function scans(superuser: ClientBase, indexes: readonly string[]): Promise<number> {
  await superuser.query('select pg_stat_clear_snapshot()');
  const { rows } = await superuser.query<{ scans: string }>(
    'select sum(idx_scan) as scans from pg_stat_user_indexes where indexrelid = any($1::regclass[])',
    [indexes],
  );
  return Number(rows[0]?.scans ?? 0);
}
