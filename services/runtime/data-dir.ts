/** Creates the data directory, and locks it against a second service. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, type Presence } from './process-lock.ts';

/**
 * Creates the directory that holds the state of one installation.
 * @throws {Error} that names DATA_DIR when the directory cannot be created or written
 */
export function makeDataDir(dataDir: string): void {
  try {
    const isNew = !existsSync(dataDir);
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    // As root, PostgreSQL runs under another account, which must be able to enter whatever the umask is. Files inside
    // are 0600.
    if (isNew && process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot use DATA_DIR: ${reason}. Set DATA_DIR to a directory that this user can write.`, {
      cause,
    });
  }
}

class AlreadyRunningError extends Error {}

/**
 * Prevents a second `npm start` on the same directory. The lock lasts until `leave` or until this process dies.
 * @param address of this service, for the error message of a second one
 * @throws {AlreadyRunningError} that names the process holding the lock
 */
export async function lockDataDir(dataDir: string, address: string): Promise<Presence> {
  makeDataDir(dataDir);
  const lock = await acquireLock(join(dataDir, 'locks', 'start'), 300);
  if ('heldBy' in lock) {
    const { pid, note } = lock.heldBy;
    throw new AlreadyRunningError(
      `rag-observatory is already running on ${dataDir}: process ${pid}${note === '' ? '' : `, ${note}`}. ` +
        `Use that one, stop it (kill ${pid}), or set DATA_DIR, PORT, METRICS_PORT and WORKER_METRICS_PORT to run a second one.`,
    );
  }
  lock.held.setNote(address);
  return lock.held;
}
