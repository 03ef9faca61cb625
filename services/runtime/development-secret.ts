/** The secret that signs tokens where no LMS does (AUTH_JWKS_URL is absent). */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDir } from './data-dir.ts';

/**
 * Made at first use; two programs that ask at the same time get the same one.
 * @returns 256 random bits as text
 * @throws when the file in DATA_DIR was shortened
 */
export function developmentSecret(dataDir: string): string {
  makeDataDir(dataDir);
  const file = join(dataDir, 'development-secret');
  const secret = read(file) ?? make(file);
  if (secret.length < 43) throw new Error(`${file} is too short for a secret. Remove it, and a new one is made.`);
  return secret;
}

function make(file: string): string {
  const whole = `${file}.${process.pid}`;
  rmSync(whole, { force: true });
  writeFileSync(whole, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(whole, file); // the name appears with the whole content, and only once
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(whole, { force: true });
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
