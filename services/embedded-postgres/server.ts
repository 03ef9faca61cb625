/** Starts and stops PostgreSQL from npm packages, on a data directory. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { makeDataDir } from '../runtime/data-dir.ts';
import { databaseAccount } from './account.ts';
import { embeddedBinaries } from './binaries.ts';
import {
  childEnvironment,
  clusterIn,
  databaseName,
  ensureCluster,
  ownerName,
  type Passwords,
  type Place,
  serverLog,
  superuserName,
} from './cluster.ts';
import { type RunningServer, runningServer } from './running-server.ts';
import { startServer, stopServer } from './start-server.ts';
import { readState, writeState } from './state.ts';

export type EmbeddedOptions = {
  dataDir: string;
  /** Absent: the last port used, else the first free one from 54329. */
  port?: number | undefined;
  /** Additional server settings. */
  settings?: Readonly<Record<string, string>>;
  /** Overrides the npm package with PostgreSQL's programs. */
  packageRoot?: string;
  log: (line: string) => void;
};

/**
 * `url` is for the owner, who is not a superuser; `adopted`: it was already running. `stop` ends all connections first.
 */
export type Embedded = {
  readonly url: string;
  readonly superuserUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
  isAlive(): boolean;
  stop(): Promise<void>;
};

/**
 * Adopts the server that is running on this directory, or starts one; creates the cluster the first time. Concurrent
 * callers must be serialised: see acquire-database.ts.
 * @throws {Error} that says what to do if the port is in use, no account can run PostgreSQL, or it does not start
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  makeDataDir(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  const state = readState(dataDir);
  const home = join(dataDir, 'postgres');
  const opened = (server: RunningServer, adopted: boolean): Embedded => ({
    url: urlFor(ownerName, state.passwords.owner, server.port),
    superuserUrl: urlFor(superuserName, state.passwords.superuser, server.port),
    port: server.port,
    pid: server.pid,
    adopted,
    isAlive: () => runningServer(clusterIn(home)) !== null,
    stop: async () => stopServer(await prepare(home, options)),
  });
  const running = await waitForServer(home, state.passwords);
  if (running) {
    if (options.port !== undefined && options.port !== running.port) {
      options.log(
        `PostgreSQL is already running on port ${running.port}; POSTGRES_PORT=${options.port} applies at its next start.`,
      );
    }
    return opened(running, true);
  }
  const place = await prepare(home, options);
  if (!existsSync(clusterIn(home))) options.log(`Creating a PostgreSQL database in ${home}`);
  await ensureCluster(place, state.passwords, options.settings?.fsync !== 'off');
  const started = await startServer(place, options, state.port);
  writeState(dataDir, { ...state, port: started.port });
  await check(urlFor(ownerName, state.passwords.owner, started.port));
  return opened(started, false);
}

async function prepare(home: string, { packageRoot }: EmbeddedOptions): Promise<Place> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const binaries = embeddedBinaries(join(home, 'lib'), packageRoot);
  const account = await databaseAccount(home, binaries.initdb, childEnvironment(binaries));
  return { home, binaries, account };
}

/** Waits while a running server starts up, recovers or shuts down. @returns null if none is running */
async function waitForServer(home: string, passwords: Passwords): Promise<RunningServer | null> {
  const cluster = clusterIn(home);
  const giveUpAt = performance.now() + 120_000;
  for (;;) {
    const server = runningServer(cluster);
    if (server === null) return null;
    try {
      await check(urlFor(ownerName, passwords.owner, server.port));
      return server;
    } catch (cause) {
      if (String((cause as { code?: unknown }).code).startsWith('28')) {
        throw new Error(
          `PostgreSQL (process ${server.pid}) rejects the owner's password from postgres.json. Log: ${serverLog(home)}`,
          { cause },
        );
      }
      if (performance.now() > giveUpAt || process.platform === 'win32') {
        throw new Error(
          `PostgreSQL (process ${server.pid}) on ${cluster} does not accept connections on port ${server.port}. ` +
            `Log: ${serverLog(home)}`,
          { cause },
        );
      }
    }
    await pause(50);
  }
}

async function check(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'rag check' });
  client.on('error', () => {}); // a lost connection also fails the query
  try {
    await client.connect();
    const encoding = (await client.query('show server_encoding')).rows[0].server_encoding;
    if (encoding !== 'UTF8') throw new Error(`the database has the encoding ${encoding} instead of UTF8`);
  } finally {
    await client.end();
  }
}

function urlFor(user: string, password: string, port: number): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${databaseName}?sslmode=disable`;
}
