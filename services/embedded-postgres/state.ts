/** Stores the embedded server's passwords and port in DATA_DIR. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passwords } from './cluster.ts';

type EmbeddedState = {
  passwords: Passwords;
  port: number | null;
  /** Passwords of the programs' logins. Absent in directories of older versions. */
  logins?: { chat: string; worker: string };
};

/** @throws {Error} if the cluster exists but the file with its passwords is missing */
export function readState(dataDir: string): EmbeddedState {
  const file = stateFile(dataDir);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  if (existsSync(join(dataDir, 'postgres', 'cluster'))) {
    throw new Error(
      `${file} is missing. It holds the passwords of the database in ${join(dataDir, 'postgres')}. ` +
        'Restore it, or delete that directory to start with an empty database.',
    );
  }
  const password = () => randomBytes(24).toString('base64url');
  const state = { passwords: { superuser: password(), owner: password() }, port: null };
  writeState(dataDir, state);
  return state;
}

/** Replaces the file atomically. */
export function writeState(dataDir: string, state: EmbeddedState): void {
  const file = stateFile(dataDir);
  const next = `${file}.${process.pid}`;
  rmSync(next, { force: true });
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** Whether the URL is one of the embedded server in this directory, for the owner or a program. */
export function isEmbeddedUrl(dataDir: string, url: string): boolean {
  if (!existsSync(stateFile(dataDir))) return false;
  const { passwords, port, logins } = readState(dataDir);
  const { hostname, port: urlPort, password } = new URL(url);
  return (
    hostname === '127.0.0.1' &&
    Number(urlPort) === port &&
    [passwords.owner, logins?.chat, logins?.worker].includes(password)
  );
}

function stateFile(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}
