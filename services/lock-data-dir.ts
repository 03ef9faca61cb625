/** Keeps a second `npm start` off a directory that one works on. */
import { join } from 'node:path';
import { makeDataDir } from './postgres/data-dir.ts';
import { holdAlone, type Presence } from './postgres/presence.ts';

class AlreadyRunningError extends Error {}

/**
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
