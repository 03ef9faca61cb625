/** Runs PostgreSQL from npm packages on a directory, without anything installed. */
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
  superuserName,
} from './cluster.ts';
import { type RunningServer, runningServer } from './running-server.ts';
import { readState, writeState } from './state.ts';

export type EmbeddedOptions = {
  dataDir: string;
  /** Absent: the one used last, else the first free one from 54329. */
  port?: number | undefined;
  /** Server settings beside the built-in ones. */
  settings?: Readonly<Record<string, string>>;
  /** The installed package of the platform, when it is not the one npm installed. */
  packageRoot?: string;
  log: (line: string) => void;
};
/** `url` is the owner's, who is no superuser; `adopted`: it ran already. `stop` ends all connections, then the server. */
export type Embedded = {
  readonly url: string;
  readonly superuserUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
  isAlive(): boolean;
  stop(): Promise<void>;
};

const usualPort = 54329;
const orphansGoneWithinMs = 20_000;
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  random_page_cost: '1.1',
  work_mem: '16MB',
  // A statement whose client gave up is cancelled.
  client_connection_check_interval: '2s',
  // What users write must not get into the log: no statements, no details of failing rows.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/**
 * Adopts the server that runs on this directory already, else starts one; makes the cluster the first time. Does not
 * guard against a second caller at the same moment: see database-home.ts.
 * @throws with a message that says what to do when the port is taken, no account can run it or the server does not start
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
  const running = await answering(clusterIn(home), state.passwords);
  if (running) {
    if (options.port !== undefined && options.port !== running.port) {
      options.log(
        `PostgreSQL runs already, on port ${running.port}: POSTGRES_PORT=${options.port} waits for its next start`,
      );
    }
    return opened(running, true);
  }
  const place = await prepare(home, options);
  if (!existsSync(clusterIn(home))) options.log(`Making a PostgreSQL database in ${home}`);
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

/** Waits while a server that is there starts, recovers or stops. */
async function answering(cluster: string, passwords: Passwords): Promise<RunningServer | null> {
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
          `PostgreSQL (process ${server.pid}) does not let the owner in with the password in postgres.json.`,
          {
            cause,
          },
        );
      }
      if (performance.now() > giveUpAt || process.platform === 'win32') {
        throw new Error(
          `PostgreSQL (process ${server.pid}) runs on ${cluster} and does not answer on port ${server.port}.`,
          {
            cause,
          },
        );
      }
    }
    await pause(50);
  }
}

async function start(place: Place, options: EmbeddedOptions, lastPort: number | null): Promise<RunningServer> {
  const giveUpAt = performance.now() + orphansGoneWithinMs;
  let port = await choosePort(options.port, lastPort);
  for (;;) {
    const failure = await tryStart(place, port, options.settings ?? {});
    const server = runningServer(clusterIn(place.home));
    if (failure === null && server) return server;
    const said = failure ?? 'it ended right after its start';
    if (/could not bind|in use|no socket|create any TCP/i.test(said) && !/shared memory/.test(said)) {
      if (options.port !== undefined) throw portTaken(port);
      port = await freePortFrom(port + 1);
    } else if (/pre-existing shared memory|postmaster\.pid/.test(said) && performance.now() < giveUpAt) {
      await pause(200); // backends of a killed server are still ending
    } else {
      throw new Error(`PostgreSQL did not start on ${clusterIn(place.home)}:\n${said}`);
    }
  }
}

async function choosePort(wanted: number | undefined, last: number | null): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw portTaken(wanted);
  }
  return last !== null && (await isFree(last)) ? last : freePortFrom(usualPort);
}

function portTaken(port: number): Error {
  return new Error(
    `Port ${port} (POSTGRES_PORT) is taken by another program. ` +
      'Set POSTGRES_PORT to a free port, or leave it out and a free one is chosen.',
  );
}

/** @returns null when the server is up, else the end of what it wrote to its log */
async function tryStart(place: Place, port: number, more: Readonly<Record<string, string>>): Promise<string | null> {
  const log = join(place.home, 'server.log');
  if (sizeOf(log) > 16 * 1024 * 1024) renameSync(log, `${log}.1`);
  const before = sizeOf(log);
  const given = Object.entries({ ...settings, ...more, port: String(port) });
  const serverArguments = given.map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`).join(' ');
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
    if (runningServer(clusterIn(place.home)) === null) return; // it ended on its own meanwhile
    await pgCtl('immediate').catch(() => {
      throw error;
    });
  }
}

async function check(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'rag check' });
  client.on('error', () => {}); // a server that goes away meanwhile also fails the query
  try {
    await client.connect();
    const encoding = (await client.query('show server_encoding')).rows[0].server_encoding;
    if (encoding !== 'UTF8') throw new Error(`the database has the encoding ${encoding} in place of UTF8`);
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
