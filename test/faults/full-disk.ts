/** Fills the disk under PostgreSQL while questions are asked, and frees it again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCallers } from './callers.ts';
import { brokenRows, checkRows } from './check-rows.ts';
import { undoable } from './clean-up.ts';
import { answersAgain } from './loop.ts';
import type { Progress, Report } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import { type Stage, setStage } from './stage.ts';
import { watchAccount } from './watch-account.ts';

const size = '256m';
const fullMs = 6_000;
const callersAtOnce = 16;
/** Little room for the log of changes, so that the disk counts and not what PostgreSQL has set aside. */
const settings = { min_wal_size: '32MB', max_wal_size: '48MB', wal_recycle: 'off' };

export async function playFullDisk(seed: number, progress: Progress): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'rag-full-disk-'));
  const unmountable = mount(directory);
  if (unmountable !== null) {
    rmSync(directory, { recursive: true, force: true });
    return { lines: [['SKIPPED: a small disk cannot be mounted (needs root on Linux)', unmountable]], broken: [] };
  }
  const unmount = undoable(() => {
    execFileSync('umount', [directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  try {
    const stage = await setStage(directory, { env: { RECORD_DEADLINE: '2000' }, settings });
    try {
      return await play(stage, join(directory, 'filler'), seed, progress);
    } finally {
      await stage.close();
    }
  } finally {
    await unmount();
  }
}

async function play(stage: Stage, filler: string, seed: number, progress: Progress): Promise<Report> {
  const { chat, postgres, tokens } = stage;
  const random = seededRandom(seed);
  const callers = startCallers({ origin: chat.origin, tokens, number: callersAtOnce, random });
  const account = watchAccount(chat);
  await answersAgain(callers, 'the start');

  progress(0, 2, 'the disk is full');
  const answeredBefore = callers.acknowledged.size;
  const refused = () => callers.counts['503'] + callers.counts['503 (events)'];
  const giveUpAt = performance.now() + 60_000;
  while (refused() === 0) {
    if (performance.now() > giveUpAt) throw new Error('the disk was filled and nobody was refused within a minute');
    fill(filler);
    await pause(100);
  }
  fill(filler);
  await pause(fullMs);
  const refusedWhileFull = refused();
  const ended = !postgres.server().isAlive();

  progress(1, 2, 'there is room again');
  rmSync(filler);
  await postgres.start(); // as `npm start` or an operator does where it could not write its log and ended
  await answersAgain(callers, 'room was made');
  await callers.stop();
  await account.stop();
  const rows = await checkRows(postgres, callers.acknowledged);
  return {
    lines: [
      ['answered before the disk was filled', answeredBefore],
      ['answered 503 with Retry-After while it was full', refusedWhileFull],
      ['PostgreSQL ended because of it', ended ? 'yes' : 'no'],
      ['answers acknowledged, each once', rows.acknowledged],
      ['rows whose caller was not told in time', rows.untold],
      ['connections broken', callers.counts['connection broke']],
      ['scrapes of the account', account.scrapes()],
    ],
    broken: [
      ...brokenRows(rows),
      ...callers.wrong.map((reply) => `a caller got: ${reply}`),
      ...account.wrong.map((counts) => `the account does not add up: ${counts}`),
    ],
  };
}

/** @returns null when the small disk is there, else why it is not */
function mount(directory: string): string | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'pipe' });
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').at(-2) ?? 'mount failed';
  }
  chmodSync(directory, 0o711); // the database's account must get through
  return null;
}

/** Writes until there is no room for one more page. */
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
