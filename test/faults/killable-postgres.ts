/** An embedded PostgreSQL that a test can kill with all its processes and restart with the same data. */
import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../../services/embedded-postgres/server.ts';
import { freePort } from '../kit/servers/free-port.ts';

export type KillablePostgres = {
  readonly server: () => Embedded;
  /** SIGKILL to the server and all its processes. */
  readonly kill: () => void;
  /** Resolves when it has recovered and accepts connections; does nothing where it is running. */
  readonly start: () => Promise<void>;
  /** As superuser, bypassing the network of the chat server. @returns the rows */
  readonly query: <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
};

export async function killablePostgres(options: Omit<EmbeddedOptions, 'log'>): Promise<KillablePostgres> {
  const start = (more: { port?: number }) => startEmbedded({ ...options, ...more, log: () => {} });
  // Not the default port: another program would take it while this server is down.
  let server = await start({ port: await freePort() });
  return {
    server: () => server,
    kill() {
      for (const pid of [server.pid, ...childrenOf(server.pid)]) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has exited with its server.
        }
      }
    },
    async start() {
      server = await start({ port: server.port });
    },
    async query(sql, values) {
      const client = new pg.Client({ connectionString: server.superuserUrl, connectionTimeoutMillis: 30_000 });
      client.on('error', () => {}); // its query fails too
      await client.connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

function childrenOf(parent: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid as number);
}
