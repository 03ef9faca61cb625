/** Checks before a program starts: the database answers, the roles exist, sessions survive the pooler. */

import type { Pool } from 'pg';
import pg from 'pg';
import { connect, type Role, RoleRefused } from './connect.ts';

/** Asks the database whether it is there. */
export async function databaseAnswers(pool: Pool): Promise<boolean> {
  try {
    await pool.query('select 1');
    return true;
  } catch {
    return false;
  }
}

/** Told to a person: what to do. */
class PooledByTransaction extends Error {}

/** Some poolers give a session out by turns, so one look may miss it. */
const looks = 5;
const patienceMs = 5_000;

/**
 * Stops a program before it works behind a pooler that gives each transaction another session.
 * A role is taken, and the migrations' lock held, by a session: behind such a pooler statements run under whatever role
 * somebody else took, which is none for an owner. Two connections that are open at once have two server processes, unless
 * somebody shares these out.
 * A database that is away, or has no second connection to give within seconds, is not judged.
 * @throws {PooledByTransaction}
 */
export async function requireSessions(url: string): Promise<void> {
  const clients = [1, 2].map(() => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'rag-start',
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
    });
    client.on('error', () => {});
    return client;
  });
  try {
    for (const client of clients) await client.connect();
    const processes = new Set<number>();
    for (let look = 0; look < looks; look += 1) for (const client of clients) processes.add(await processOf(client));
    // Each had one of its own all the time: two, no more and no fewer.
    if (processes.size === clients.length) return;
  } catch {
    return;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
  const { host, port } = clients[0] ?? {};
  throw new PooledByTransaction(
    `${host}:${port} is a pooler that gives each transaction another session, so neither a role nor a lock would hold. ` +
      'Let DATABASE_URL name the server itself, or a pooler that keeps sessions (PgBouncer: pool_mode = session; Neon: ' +
      'the address without -pooler). See docs/roles.md, "Logins".',
  );
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/**
 * Stops a program at its start whose login may not take the roles of its work: every request would fail later.
 * A database that is away is not waited for: the program starts, and connects when it is back.
 * @throws {RoleRefused} that names the role and says what to grant
 * @throws {PooledByTransaction} where a role would not hold
 */
export async function requireRoles(url: string, roles: readonly Role[]): Promise<void> {
  await requireSessions(url);
  for (const role of roles) {
    const pool = connect(url, { name: 'rag-start', role, max: 1 });
    try {
      await pool.query('select 1');
    } catch (error) {
      if (error instanceof RoleRefused) throw error;
    } finally {
      await pool.end();
    }
  }
}
