/**
 * Creates the database cluster: UTF-8 whatever the locale, passwords for all logins, an owner without superuser rights.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';

/** A PostgreSQL installation: its directory, its programs and the account that runs them. */
export type Place = { readonly home: string; readonly binaries: Binaries; readonly account: Account };
export type Passwords = { superuser: string; owner: string };
export const superuserName = 'postgres';
export const ownerName = 'rag_owner';
export const databaseName = 'rag';

export function serverLog(home: string): string {
  return join(home, 'server.log');
}

export function clusterIn(home: string): string {
  return join(home, 'cluster');
}

/**
 * Does nothing if the cluster exists. After a crash half-way it starts over, because the cluster gets its name when
 * complete.
 * @param sync false: a power failure may destroy the cluster
 */
export async function ensureCluster(place: Place, passwords: Passwords, sync: boolean): Promise<void> {
  const { home, binaries, account } = place;
  const made = clusterIn(home);
  if (existsSync(join(made, 'PG_VERSION'))) return;
  // A unique name: an initdb whose parent was killed may still be running.
  const making = join(home, `making-${randomUUID()}`);
  const passwordFile = `${making}.password`;
  try {
    writeFileSync(passwordFile, passwords.superuser, { flag: 'wx', mode: 0o600 });
    chmodSync(passwordFile, 0o600);
    if (account.ids) chownSync(passwordFile, account.ids.uid, account.ids.gid);
    const initdb = (ctype: string) =>
      runToEnd(place, binaries.initdb, [
        `--pgdata=${making}`,
        `--username=${superuserName}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--lc-collate=C',
        `--lc-ctype=${ctype}`,
        '--no-instructions',
        ...(sync ? [] : ['--no-sync']),
      ]);
    await initdb('C.UTF-8').catch(async (error: Error) => {
      // On systems without that locale (older macOS) only pg_trgm differs, which is not used.
      if (!/invalid locale name/.test(error.message)) throw error;
      rmSync(making, { recursive: true, force: true });
      await initdb('C');
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const single = [
    '--single',
    '-D',
    making,
    '-c',
    'exit_on_error=true',
    '-c',
    'log_min_messages=warning',
    superuserName,
  ];
  await runToEnd(place, binaries.postgres, single, [
    `create role ${ownerName} login createrole nosuperuser password '${passwords.owner}'`,
    `create database ${databaseName} owner ${ownerName}`,
  ]);
  renameSync(making, made);
  for (const name of readdirSync(home).filter((entry) => entry.startsWith('making-'))) {
    rmSync(join(home, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Runs a PostgreSQL program to its end.
 * @param lines its standard input
 * @returns its standard output and error
 * @throws {Error} with that output if it fails
 */
export function runToEnd(
  { home, binaries, account }: Place,
  program: string,
  programArguments: readonly string[],
  lines: readonly string[] = [],
): Promise<string> {
  const { file, args, ids } = asAccount(account, program, programArguments);
  return new Promise((resolve, reject) => {
    // In its own session, so that Ctrl-C reaches only the programs, which drain before the database stops.
    const child = spawn(file, args, {
      ...ids,
      cwd: home,
      detached: true,
      windowsHide: true,
      ...(process.platform === 'win32' ? {} : { env: childEnvironment(binaries) }),
    });
    let written = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        written += text;
      });
    }
    child.on('error', reject);
    child.stdin.on('error', () => {}); // it exited without reading; the exit code shows why
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(written);
      else reject(new Error(`${program} failed with ${signal ?? `exit code ${code}`}: ${written.trim()}`));
    });
  });
}

/** Keeps the caller's LANG, TZ and PG* variables from the server. */
export function childEnvironment(binaries: Binaries): Record<string, string> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', ...binaries.environment };
}
