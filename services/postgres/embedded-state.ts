/** Remembers in DATA_DIR what the embedded server was made with: its passwords and its port. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passwords } from './embedded-cluster.ts';

export type EmbeddedState = { passwords: Passwords; port: number | null };

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
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

function stateFile(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}
