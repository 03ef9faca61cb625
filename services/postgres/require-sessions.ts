/** Stops a program before it works behind a pooler that gives each transaction another session. */
import pg from 'pg';

/** Told to a person: what to do. */
export class PooledByTransaction extends Error {}

/** Some poolers give a session out by turns, so one look may miss it. */
const looks = 5;
const patienceMs = 5_000;

/**
 * A role is taken, and the migrations' lock held, by a session: behind such a pooler statements run under whatever role
 * somebody else took, which is none for an owner. Two connections that are open at once have two server processes, unless
 * somebody shares these out.
 *
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
