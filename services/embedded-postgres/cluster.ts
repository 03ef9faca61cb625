/** Makes a new database cluster: UTF-8 whatever the locale is, passwords for all, an owner who is no superuser. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';

/** Where PostgreSQL lives: a directory of the account's, its programs, and how to run them. */
export type Place = { readonly home: string; readonly binaries: Binaries; readonly account: Account };
export type Passwords = { superuser: string; owner: string };
export const superuserName = 'postgres';
export const ownerName = 'rag_owner';
export const databaseName = 'rag';

export function clusterIn(home: string): string {
  return join(home, 'cluster');
}

/**
 * Does nothing when the cluster is there. One that a crash left half-made is made anew: it only gets its name when done.
 * @param sync false: a power cut may cost the cluster
 */
export async function ensureCluster(place: Place, passwords: Passwords, sync: boolean): Promise<void> {
  const { home, binaries, account } = place;
  const made = clusterIn(home);
  if (existsSync(join(made, 'PG_VERSION'))) return;
  // Names of its own: an initdb whose program was killed may still be at work beside this one.
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
      // Systems without that locale (older macOS) differ in pg_trgm only, which nothing here needs.
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
 * @param lines what the program reads, one line each
 * @returns what it wrote on both streams
 * @throws with that text when it fails
 */
export function runToEnd(
  { home, binaries, account }: Place,
  program: string,
  programArguments: readonly string[],
  lines: readonly string[] = [],
): Promise<string> {
  const { file, args, ids } = asAccount(account, program, programArguments);
  return new Promise((resolve, reject) => {
    // Its own session: a Ctrl-C at the terminal is for the programs, which drain before the database stops.
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
    child.stdin.on('error', () => {}); // it ended without reading: the exit code tells
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(written);
      else reject(new Error(`${program} ended with ${signal ?? code}: ${written.trim()}`));
    });
  });
}

/** Nothing of the caller's LANG, TZ or PG* settings reaches the server. */
export function childEnvironment(binaries: Binaries): Record<string, string> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', ...binaries.environment };
}
