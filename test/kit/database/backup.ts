/** Backs up a test's database, and restores it as a separate database. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connect } from '../../../services/postgres/client/connect.ts';
import type { TestDatabase } from './test-database.ts';

export type Restored = {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly query: TestDatabase['query'];
  readonly close: () => Promise<void>;
};

/**
 * Copies the database's files (`create database … template`), like a file-level backup, because the embedded server has no
 * pg_dump.
 */
export async function restoredCopy(db: TestDatabase): Promise<Restored> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const source = new URL(db.superuserUrl).pathname.slice(1);
  const admin = new pg.Client(withDatabase(db.superuserUrl, 'postgres'));
  await admin.connect();
  // The source must have no connections; the pool reconnects.
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
