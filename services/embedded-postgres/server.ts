/** Starts and stops PostgreSQL from npm packages, on a data directory. */
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { makeDataDir } from '../runtime/data-dir.ts';
import { freePortFrom, isFree } from '../runtime/free-port.ts';
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
  runToEnd,
  serverLog,
  superuserName,
} from './cluster.ts';
import { type RunningServer, runningServer } from './running-server.ts';
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

const defaultPort = 54329;
const orphansTimeoutMs = 20_000;
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  random_page_cost: '1.1',
  work_mem: '16MB',
  // Cancels statements of clients that disconnected.
  client_connection_check_interval: '2s',
  // Keeps user text out of the log: no statements, no details of failing rows.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
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
    stop: async () => stop(await prepare(home, options)),
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
  const started = await start(place, options, state.port);
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

async function start(place: Place, options: EmbeddedOptions, lastPort: number | null): Promise<RunningServer> {
  const giveUpAt = performance.now() + orphansTimeoutMs;
  let port = await choosePort(options.port, lastPort);
  for (;;) {
    const failure = await tryStart(place, port, options.settings ?? {});
    const server = runningServer(clusterIn(place.home));
    if (failure === null && server) return server;
    const reason = failure ?? 'it exited right after it started';
    if (/could not bind|in use|no socket|create any TCP/i.test(reason) && !/shared memory/.test(reason)) {
      if (options.port !== undefined) throw portInUse(port);
      port = await freePortFrom(port + 1);
    } else if (/pre-existing shared memory|postmaster\.pid/.test(reason) && performance.now() < giveUpAt) {
      await pause(200); // backends of a killed server are still exiting
    } else {
      throw new Error(
        `PostgreSQL did not start on ${clusterIn(place.home)}:\n${reason}\nLog: ${serverLog(place.home)}`,
      );
    }
  }
}

async function choosePort(wanted: number | undefined, last: number | null): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw portInUse(wanted);
  }
  return last !== null && (await isFree(last)) ? last : freePortFrom(defaultPort);
}

function portInUse(port: number): Error {
  return new Error(
    `POSTGRES_PORT: port ${port} is already in use. Set POSTGRES_PORT to a free port, or unset it to choose one.`,
  );
}

/** @returns null if the server is up, else the end of its log */
async function tryStart(place: Place, port: number, more: Readonly<Record<string, string>>): Promise<string | null> {
  const log = serverLog(place.home);
  if (sizeOf(log) > 16 * 1024 * 1024) renameSync(log, `${log}.1`);
  const before = sizeOf(log);
  const all = Object.entries({ ...settings, ...more, port: String(port) });
  const serverArguments = all.map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`).join(' ');
  try {
    const args = [
      'start',
      '--wait',
      '--timeout=300',
      '--silent',
      '-D',
      clusterIn(place.home),
      '-l',
      log,
      '-o',
      serverArguments,
    ];
    await runToEnd(place, place.binaries.pgCtl, args);
    return null;
  } catch (error) {
    const written = existsSync(log) ? readFileSync(log, 'utf8').slice(before).trim() : '';
    return [(error as Error).message, ...written.split('\n').slice(-12)].join('\n  ');
  }
}

async function stop(place: Place): Promise<void> {
  if (runningServer(clusterIn(place.home)) === null) return;
  const pgCtl = (mode: string) =>
    runToEnd(place, place.binaries.pgCtl, [
      ...['stop', '--wait', '--timeout=60', '--silent', '-D', clusterIn(place.home), '-m', mode],
    ]);
  try {
    await pgCtl('fast');
  } catch (error) {
    if (runningServer(clusterIn(place.home)) === null) return; // it has exited meanwhile
    await pgCtl('immediate').catch(() => {
      throw error;
    });
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

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
