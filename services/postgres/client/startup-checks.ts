/** Checks at startup: the database is reachable, the roles are granted, and a pooler keeps sessions. */

import type { Pool } from 'pg';
import pg from 'pg';
import { connect, type Role, RoleNotGranted } from './connect.ts';

export async function isDatabaseReachable(pool: Pool): Promise<boolean> {
  try {
    await pool.query('select 1');
    return true;
  } catch {
    return false;
  }
}

/** DATABASE_URL points to a pooler in transaction mode. */
class TransactionPooler extends Error {}

/** Some poolers rotate sessions, so one sample may miss it. */
const samples = 5;
const timeoutMs = 5_000;

/**
 * Refuses to start behind a pooler in transaction mode. Roles and the migrations' lock belong to a session: behind such
 * a pooler, statements run under the role that another client has set. Two open connections have exactly two server
 * processes, unless a pooler shares them. An unavailable database, or one without a second free connection, passes.
 * @throws {TransactionPooler}
 */
export async function requireSessions(url: string): Promise<void> {
  const clients = [1, 2].map(() => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'rag-start',
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    client.on('error', () => {});
    return client;
  });
  try {
    for (const client of clients) await client.connect();
    const processes = new Set<number>();
    for (let sample = 0; sample < samples; sample += 1)
      for (const client of clients) processes.add(await processOf(client));
    // Each connection kept its own process: two, no more and no fewer.
    if (processes.size === clients.length) return;
  } catch {
    return;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
  const { host, port } = clients[0] ?? {};
  throw new TransactionPooler(
    `${host}:${port} is a connection pooler in transaction mode, which loses roles and locks between transactions. ` +
      'Point DATABASE_URL at the server itself, or at a pooler in session mode (PgBouncer: pool_mode = session; Neon: ' +
      'the address without -pooler). See docs/roles.md, "Logins".',
  );
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/**
 * Refuses to start a program whose login may not take its roles, because every request would fail later. It does not
 * wait for an unavailable database: the program starts and connects when the database is back.
 * @throws {RoleNotGranted} that names the role and the grant
 * @throws {TransactionPooler}
 */
export async function requireRoles(url: string, roles: readonly Role[]): Promise<void> {
  await requireSessions(url);
  for (const role of roles) {
    const pool = connect(url, { name: 'rag-start', role, max: 1 });
    try {
      await pool.query('select 1');
    } catch (error) {
      if (error instanceof RoleNotGranted) throw error;
    } finally {
      await pool.end();
    }
  }
}
