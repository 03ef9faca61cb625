/** The secret that signs tokens when no LMS does (AUTH_JWKS_URL is not set). */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDir } from './data-dir.ts';

/**
 * Created on first use; concurrent programs get the same one.
 * @returns 256 random bits in base64url
 * @throws {Error} when the file in DATA_DIR is truncated
 */
export function developmentSecret(dataDir: string): string {
  makeDataDir(dataDir);
  const file = join(dataDir, 'development-secret');
  const secret = read(file) ?? create(file);
  if (secret.length < 43)
    throw new Error(`${file} is too short for a secret. Delete it; the next start creates a new one.`);
  return secret;
}

function create(file: string): string {
  const complete = `${file}.${process.pid}`;
  rmSync(complete, { force: true });
  writeFileSync(complete, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(complete, file); // atomic: the name appears with the full content, and only once
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(complete, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
