/** Starts and stops the PostgreSQL server process with pg_ctl. */
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePortFrom, isFree } from '../runtime/free-port.ts';
import { clusterIn, type Place, runToEnd, serverLog } from './cluster.ts';
import { type RunningServer, runningServer } from './running-server.ts';

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
 * Starts the server, on another port if the chosen one is in use.
 * @throws {Error} if POSTGRES_PORT is in use or the server does not start
 */
export async function startServer(
  place: Place,
  options: { readonly port?: number | undefined; readonly settings?: Readonly<Record<string, string>> },
  lastPort: number | null,
): Promise<RunningServer> {
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
    const options = ['--wait', '--timeout=300', '--silent', '-D', clusterIn(place.home), '-l', log];
    await runToEnd(place, place.binaries.pgCtl, ['start', ...options, '-o', serverArguments]);
    return null;
  } catch (error) {
    const written = existsSync(log) ? readFileSync(log, 'utf8').slice(before).trim() : '';
    return [(error as Error).message, ...written.split('\n').slice(-12)].join('\n  ');
  }
}

/** Ends all connections, then the server. */
export async function stopServer(place: Place): Promise<void> {
  if (runningServer(clusterIn(place.home)) === null) return;
  const options = ['--wait', '--timeout=60', '--silent', '-D', clusterIn(place.home)];
  const pgCtl = (mode: string) => runToEnd(place, place.binaries.pgCtl, ['stop', ...options, '-m', mode]);
  try {
    await pgCtl('fast');
  } catch (error) {
    if (runningServer(clusterIn(place.home)) === null) return; // it has exited meanwhile
    await pgCtl('immediate').catch(() => {
      throw error;
    });
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
