/** The data directory: where it is, and a lock that keeps two services apart. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { holdAlone, type Presence } from './process-lock.ts';

/**
 * Makes the directory that holds the state of one installation.
 * @throws with a message that names DATA_DIR when the directory cannot be made or written
 */
export function makeDataDir(dataDir: string): void {
  try {
    const isNew = !existsSync(dataDir);
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    // As root, PostgreSQL runs under another account, which has to pass through whatever the umask is. Files in it are 0600.
    if (isNew && process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`DATA_DIR cannot be used: ${reason}. Set DATA_DIR to a directory that this user may write.`, {
      cause,
    });
  }
}

class AlreadyRunningError extends Error {}

/**
 * Keeps a second `npm start` off a directory that one works on.
 * Holds until `leave` or until this process dies, however it dies.
 * @param address where this program will answer, for the message that a second one gets
 * @throws {AlreadyRunningError} that names the process that holds it
 */
export async function lockDataDir(dataDir: string, address: string): Promise<Presence> {
  makeDataDir(dataDir);
  const turn = await holdAlone(join(dataDir, 'locks', 'start'), 300);
  if ('heldBy' in turn) {
    const { pid, note } = turn.heldBy;
    throw new AlreadyRunningError(
      `rag-observatory already runs on ${dataDir}: process ${pid}${note === '' ? '' : `, ${note}`}. ` +
        `Use that one, or stop it (kill ${pid}), or set DATA_DIR, PORT, METRICS_PORT and WORKER_METRICS_PORT for a second one.`,
    );
  }
  turn.held.tell(address);
  return turn.held;
}
