/** Checks whether the server named in a cluster's postmaster.pid is really running. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { processArguments, processStart } from '../runtime/process-identity.ts';

export type RunningServer = { pid: number; port: number };

/**
 * A killed server leaves postmaster.pid behind, and its process id may belong to another process by now; PostgreSQL
 * would then refuse to start. This removes such a file. PostgreSQL itself detects backends that outlived their server.
 * @returns null if no server runs on this cluster
 */
export function runningServer(cluster: string): RunningServer | null {
  const file = join(cluster, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const [pid, directory, port] = [Number(lines[0]), lines[1] ?? '', Number(lines[3])];
  if (processStart(pid) === null) return null; // PostgreSQL itself replaces the file of a dead process
  const command = processArguments(pid);
  if (command === null) return { pid, port }; // Windows: only a connection attempt shows it
  if (command.includes('postgres') && command.includes(directory) && !isElsewhere(directory, cluster)) {
    return { pid, port };
  }
  rmSync(file, { force: true });
  return null;
}

/** A copied cluster contains the postmaster.pid of the server running on the original. */
function isElsewhere(directory: string, cluster: string): boolean {
  try {
    const [there, here] = [statSync(directory), statSync(cluster)];
    return there.ino !== here.ino || there.dev !== here.dev;
  } catch {
    return false; // moved while running: still this cluster
  }
}
