/** Identifies a process even after its process id is reused. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * @returns a start time that is unique together with the pid on this machine; null when no such process is alive (a
 *   zombie is dead); 'unknown' where the system has no start times (Windows)
 */
export function processStart(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid < 1) return null;
  if (process.platform === 'linux') return linuxStart(pid);
  if (!exists(pid)) return null;
  if (process.platform === 'win32') return 'unknown';
  const [state, ...started] = psColumn(pid, 'state=,lstart=').split(/\s+/);
  return state === undefined || state === '' || state.startsWith('Z') ? null : started.join('-').replaceAll(':', '.');
}

/** @returns the process's command line; null when it has exited or the system does not expose it */
export function processArguments(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    if (process.platform === 'win32') return null;
    return psColumn(pid, 'command=');
  } catch {
    return null;
  }
}

function linuxStart(pid: number): string | null {
  try {
    // The second field is the program's name in parentheses, and may itself contain spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const [state, ticksSinceBoot] = [fields[0], fields[19]];
    if (state === undefined || ticksSinceBoot === undefined || state === 'Z' || state === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}-${ticksSinceBoot}`;
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function psColumn(pid: number, columns: string): string {
  try {
    return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
