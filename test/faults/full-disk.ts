/** Fills the disk under PostgreSQL during traffic, and frees it again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCallers } from './callers.ts';
import { checkRows, rowViolations } from './check-rows.ts';
import { undoable } from './clean-up.ts';
import { createEnvironment, type Environment } from './environment.ts';
import { waitForAnswers } from './inject-faults.ts';
import type { Progress, Report } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import { watchRecordBalance } from './watch-record-balance.ts';

const size = '256m';
const fullMs = 6_000;
const callersAtOnce = 16;
/** A small WAL, so that the disk fills and not only PostgreSQL's reserve. */
const settings = { min_wal_size: '32MB', max_wal_size: '48MB', wal_recycle: 'off' };

export async function runFullDisk(seed: number, progress: Progress): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'rag-full-disk-'));
  const unmountable = mount(directory);
  if (unmountable !== null) {
    rmSync(directory, { recursive: true, force: true });
    return { lines: [['SKIPPED: cannot mount a small disk (needs root on Linux)', unmountable]], violations: [] };
  }
  const unmount = undoable(() => {
    execFileSync('umount', [directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  try {
    const environment = await createEnvironment(directory, { env: { RECORD_DEADLINE: '2000' }, settings });
    try {
      return await run(environment, join(directory, 'filler'), seed, progress);
    } finally {
      await environment.close();
    }
  } finally {
    await unmount();
  }
}

async function run(environment: Environment, filler: string, seed: number, progress: Progress): Promise<Report> {
  const { chat, postgres, tokens } = environment;
  const random = seededRandom(seed);
  const callers = startCallers({ origin: chat.origin, tokens, number: callersAtOnce, random });
  const balance = watchRecordBalance(chat);
  await waitForAnswers(callers, 'the start');

  progress(0, 2, 'the disk is full');
  const answeredBefore = callers.acknowledged.size;
  const refused = () => callers.counts['503'] + callers.counts['503 (events)'];
  const deadline = performance.now() + 60_000;
  while (refused() === 0) {
    if (performance.now() > deadline) throw new Error('the disk is full, but no request was refused within a minute');
    fill(filler);
    await pause(100);
  }
  fill(filler);
  await pause(fullMs);
  const refusedWhileFull = refused();
  const ended = !postgres.server().isAlive();

  progress(1, 2, 'the disk has space again');
  rmSync(filler);
  await postgres.start(); // like `npm start` or an operator after it could not write its WAL and exited
  await waitForAnswers(callers, 'the disk was freed');
  await callers.stop();
  await balance.stop();
  const rows = await checkRows(postgres, callers.acknowledged);
  return {
    lines: [
      ['answers before the disk was full', answeredBefore],
      ['503 with Retry-After while it was full', refusedWhileFull],
      ['PostgreSQL exited because of it', ended ? 'yes' : 'no'],
      ['acknowledged answers, each stored once', rows.acknowledged],
      ['rows without an acknowledged reply', rows.unacknowledged],
      ['lost connections', callers.counts['connection lost']],
      ['scrapes of the record counters', balance.scrapes()],
    ],
    violations: [
      ...rowViolations(rows),
      ...callers.wrong.map((reply) => `a caller got: ${reply}`),
      ...balance.wrong.map((counts) => `the record counters do not balance: ${counts}`),
    ],
  };
}

/** @returns null when the small disk is mounted, otherwise the reason */
function mount(directory: string): string | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'pipe' });
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').at(-2) ?? 'mount failed';
  }
  chmodSync(directory, 0o711); // for the database's balance
  return null;
}

/** Writes until there is no space for another page. */
function fill(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (let bytes = 1024 * 1024; bytes >= 4096; ) {
      try {
        writeSync(handle, Buffer.alloc(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        bytes /= 2;
      }
    }
  } finally {
    closeSync(handle);
  }
}
