/** Tracks which processes that share DATA_DIR are alive, and locks directories, surviving any crash. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processStart } from './process-identity.ts';

export type Presence = { others(): Other[]; setNote(note: string): void; leave(): void };
export type Other = { pid: number; note: string };

let announced = 0;

/**
 * Creates a file in the directory, named after this process's id and start time, so that a reused process id is never
 * mistaken for it. Reading the directory removes the files of dead processes. A process may announce itself many times.
 */
export function announce(directory: string, note = ''): Presence {
  mkdirSync(directory, { recursive: true });
  announced += 1;
  const name = `${process.pid}_${processStart(process.pid)}_${announced}`;
  const file = join(directory, name);
  writeFileSync(file, note, { flag: 'wx', mode: 0o600 });
  return {
    others: () => living(directory).filter((entry) => entry.name !== name),
    setNote(text) {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    leave: () => rmSync(file, { force: true }),
  };
}

/**
 * At most one living process holds the lock: each announces itself first and checks for others afterwards, so of two at
 * least one sees the other. Both may see each other and withdraw; the random pause lets one return first.
 * @param timeoutMs how long to wait for the current holder
 * @returns the lock, or its holder
 */
export async function acquireLock(
  directory: string,
  timeoutMs: number,
): Promise<{ held: Presence } | { heldBy: Other }> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const presence = announce(directory);
    const [other] = presence.others();
    if (other === undefined) return { held: presence };
    presence.leave();
    if (performance.now() >= giveUpAt) return { heldBy: other };
    await pause(10 + Math.random() * 40);
  }
}

function living(directory: string): (Other & { name: string })[] {
  const found: (Other & { name: string })[] = [];
  for (const name of readdirSync(directory)) {
    const [, pid, start] = /^(\d+)_([^_]+)_\d+$/.exec(name) ?? [];
    if (pid === undefined) continue;
    if (processStart(Number(pid)) === start) found.push({ name, pid: Number(pid), note: note(join(directory, name)) });
    else rmSync(join(directory, name), { force: true });
  }
  return found;
}

function note(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // removed between readdir and read
  }
}
