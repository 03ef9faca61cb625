/** Creates a migrated database for a test file, and fails the file when it leaves connections open. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { connect } from '../../../services/postgres/client/connect.ts';
import { onCleanup } from '../cleanup.ts';

export type TestDatabase = {
  /** URL of the owner, who is not a superuser. */
  url: string;
  superuserUrl: string;
  pool: pg.Pool;
  /** @returns the rows */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Called automatically after the file's last test. */
  close(): Promise<void>;
};

/** Call it at the top of a test file or in a test. Dropped at its end. */
export async function testDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  onCleanup(database.close);
  return database;
}

/**
 * Like `testDatabase`, but the caller closes it.
 * @param template null: an empty database; another test database is copied, and must have no connections
 */
export async function createDatabase(template: 'migrated' | TestDatabase | null = 'migrated'): Promise<TestDatabase> {
  const { ownerUrl, superuserUrl } = inject('testServer');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const maintenance = withDatabase(superuserUrl, 'postgres');
  await execute(maintenance, `create database ${name} template ${templateName(template)} owner rag_owner`);
  const url = withDatabase(ownerUrl, name);
  const pool = connect(url, { name: 'test', max: 5 });
  let closed: Promise<void> | undefined;
  return {
    url,
    superuserUrl: withDatabase(superuserUrl, name),
    pool,
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    close: () => {
      closed ??= closeAndDrop(pool, maintenance, name);
      return closed;
    },
  };
}

function templateName(template: 'migrated' | TestDatabase | null): string {
  if (template === null) return 'template0';
  return template === 'migrated' ? 'rag' : new URL(template.url).pathname.slice(1);
}

async function closeAndDrop(pool: pg.Pool, maintenance: string, name: string): Promise<void> {
  const checkedOut = pool.totalCount - pool.idleCount;
  if (checkedOut === 0 && !pool.ending) await pool.end();
  const left = checkedOut > 0 ? [] : await connectionsLeft(maintenance, name);
  await execute(maintenance, `drop database if exists ${name} with (force)`);
  if (checkedOut > 0) throw new Error(`${checkedOut} client(s) of the test's pool were not released`);
  if (left.length > 0) throw new Error(`connections to the test's database were left open by: ${left.join(', ')}`);
}

/** Retries for some seconds, because a server process exits shortly after its client disconnects. */
async function connectionsLeft(maintenance: string, name: string): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const rows = await execute(
      maintenance,
      `select application_name from pg_stat_activity where datname = '${name}' and backend_type = 'client backend'`,
    );
    if (rows.length === 0 || attempt === 500) return rows.map((row) => row.application_name || '(no name)');
    await pause(20);
  }
}

async function execute(url: string, sql: string): Promise<{ application_name?: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
