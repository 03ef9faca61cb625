/** Takes a backup of a test's database, and restores it as a database of its own. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connect } from '../../services/postgres/client/connect.ts';
import type { TestDatabase } from './database.ts';

export type Restored = {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly query: TestDatabase['query'];
  readonly close: () => Promise<void>;
};

/**
 * A copy of the database's files as they are now (`create database … template`), as a file-level backup is; pg_dump does
 * not come with the server that the tests run.
 */
export async function restoredCopy(db: TestDatabase): Promise<Restored> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const source = new URL(db.superuserUrl).pathname.slice(1);
  const admin = new pg.Client(withDatabase(db.superuserUrl, 'postgres'));
  await admin.connect();
  // Nobody may be connected to what is copied; the pool connects again.
  const gone = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${source}'`;
  await admin.query(gone);
  await admin.query(`create database ${name} template ${source} owner rag_owner`);
  const url = withDatabase(db.url, name);
  const pool = connect(url, { name: 'restored', max: 5 });
  return {
    url,
    pool,
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    async close() {
      await pool.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
