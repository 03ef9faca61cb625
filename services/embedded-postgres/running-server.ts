/** Tells whether the server that a cluster's postmaster.pid names is really running. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { processArguments, processStart } from '../runtime/process-identity.ts';

export type RunningServer = { pid: number; port: number };

/**
 * A server that was killed leaves postmaster.pid behind, and its process id may be another process's by now; PostgreSQL
 * would then refuse to start. Such a file is removed here. Backends that outlive their server still hold its shared
 * memory, which PostgreSQL looks for itself.
 * @returns null when no server runs on this cluster
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
  if (processStart(pid) === null) return null; // PostgreSQL replaces the file of a dead process
  const command = processArguments(pid);
  if (command === null) return { pid, port }; // Windows: only a connection can tell
  if (command.includes('postgres') && command.includes(directory) && !isElsewhere(directory, cluster)) {
    return { pid, port };
  }
  rmSync(file, { force: true });
  return null;
}

/** A copied cluster brings along the postmaster.pid of the server that runs on the original. */
function isElsewhere(directory: string, cluster: string): boolean {
  try {
    const [there, here] = [statSync(directory), statSync(cluster)];
    return there.ino !== here.ino || there.dev !== here.dev;
  } catch {
    return false; // moved while it ran: still this one
  }
}
