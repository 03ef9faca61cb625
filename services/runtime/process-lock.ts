/** Lets processes that share DATA_DIR see which of them are alive, whatever way the others died. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processStart } from './process-identity.ts';

export type Presence = { others(): Other[]; tell(note: string): void; leave(): void };
export type Other = { pid: number; note: string };

let announced = 0;

/**
 * Puts a file into the directory that is named after this process: its id and its start time, so that a process id used
 * again is never mistaken for it. Whoever looks removes the files of the dead. A process may announce itself many times.
 */
export function announce(directory: string, note = ''): Presence {
  mkdirSync(directory, { recursive: true });
  announced += 1;
  const name = `${process.pid}_${processStart(process.pid)}_${announced}`;
  const file = join(directory, name);
  writeFileSync(file, note, { flag: 'wx', mode: 0o600 });
  return {
    others: () => living(directory).filter((entry) => entry.name !== name),
    tell(text) {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    leave: () => rmSync(file, { force: true }),
  };
}

/**
 * At most one living process holds the directory: each announces itself first and looks for others afterwards, so of two
 * at least one sees the other. Both may see each other and withdraw; chance lets one come back first.
 * @param patienceMs how long to wait for the holder
 * @returns the hold, or who has it
 */
export async function holdAlone(
  directory: string,
  patienceMs: number,
): Promise<{ held: Presence } | { heldBy: Other }> {
  const giveUpAt = performance.now() + patienceMs;
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
    return ''; // it left between the listing and the reading
  }
}
