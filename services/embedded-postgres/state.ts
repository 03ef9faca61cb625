/** Remembers in DATA_DIR what the embedded server was made with: its passwords and its port. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passwords } from './cluster.ts';

type EmbeddedState = {
  passwords: Passwords;
  port: number | null;
  /** Passwords of the programs' logins. Absent in a directory from before there were any. */
  logins?: { chat: string; worker: string };
};

/** @throws when the cluster is there and the file with its passwords is not */
export function readState(dataDir: string): EmbeddedState {
  const file = stateFile(dataDir);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  if (existsSync(join(dataDir, 'postgres', 'cluster'))) {
    throw new Error(
      `${file} is missing: it holds the passwords of the database in ${join(dataDir, 'postgres')}. ` +
        'Put it back, or remove that directory to begin with an empty database.',
    );
  }
  const password = () => randomBytes(24).toString('base64url');
  const state = { passwords: { superuser: password(), owner: password() }, port: null };
  writeState(dataDir, state);
  return state;
}

/** The old file or the new one is there at any moment, never half of one. */
export function writeState(dataDir: string, state: EmbeddedState): void {
  const file = stateFile(dataDir);
  const next = `${file}.${process.pid}`;
  rmSync(next, { force: true });
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** @returns whether the address, port and password are those of the server in this directory: the owner's or a program's */
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
