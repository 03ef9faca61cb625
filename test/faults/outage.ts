/** Plays an outage that outlasts RECORD_DEADLINE, of the whole database and of the recorder's connection alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Callers, startCallers } from './callers.ts';
import { brokenRows, checkRows } from './check-rows.ts';
import { undoable } from './clean-up.ts';
import { answersAgain } from './loop.ts';
import type { Progress, Report } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import { setStage } from './stage.ts';
import { watchAccount } from './watch-account.ts';

/** An outage of ten minutes and the deadline of 15 s, scaled down; a wait of two seconds is still told from noise. */
const deadlineMs = 2_000;
const outageMs = 8_000;
const callersAtOnce = 64;
/** A statement of a question may take so long beside the record (docs/durability.md), and with it the noticing of a dead connection. */
const statementMs = 5_000;
/** What is beside them takes no more than so many times the slowest question before the outage, on a machine as busy. */
const slower = 2;
const memoryMayGrowBy = 200 * 1024 * 1024;

export async function playOutage(seed: number, progress: Progress): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'rag-outage-'));
  const removeFiles = undoable(() => rmSync(directory, { recursive: true, force: true }));
  const stage = await setStage(directory, { env: { RECORD_DEADLINE: String(deadlineMs) } });
  try {
    const { chat, network, postgres, tokens } = stage;
    const random = seededRandom(seed);
    const callers = startCallers({ origin: chat.origin, tokens, number: callersAtOnce, random });
    const account = watchAccount(chat);
    await answersAgain(callers, 'the start');
    await pause(2_000);
    const memoryBefore = account.mostMemory();
    const slowestBefore = callers.longestWaitMs();
    const longestAllowed = deadlineMs + statementMs + Math.max(1_000, slower * slowestBefore);

    progress(0, 2, 'the database is away');
    network.cut();
    await pause(outageMs);
    const refusedWhileAway = refused(callers);
    network.mend();
    await answersAgain(callers, 'the outage');

    progress(1, 2, 'the database answers and nothing can be written');
    const refusedBefore = refused(callers);
    await postgres.query(
      `begin; lock table ai_dialogue_log in exclusive mode; select pg_sleep(${outageMs / 1000}); commit`,
    );
    const refusedWhileLocked = refused(callers) - refusedBefore;
    await answersAgain(callers, 'the lock');
    await callers.stop();
    await account.stop();

    const rows = await checkRows(postgres, callers.acknowledged);
    const longestWait = callers.longestWaitMs();
    const grown = account.mostMemory() - memoryBefore;
    return {
      lines: [
        ['answered 503 with Retry-After while the database was away', refusedWhileAway],
        ['answered 503 with Retry-After while nothing could be written', refusedWhileLocked],
        ['answers acknowledged, each once', rows.acknowledged],
        ['rows whose caller was not told in time', rows.untold],
        ['connections broken', callers.counts['connection broke']],
        ['longest wait for a reply before it (s)', (slowestBefore / 1000).toFixed(1)],
        [`longest wait for a reply, with a deadline of ${deadlineMs / 1000} s (s)`, (longestWait / 1000).toFixed(1)],
        ['most answers pending at a scrape', account.mostPending()],
        ['scrapes of the account', account.scrapes()],
        ['memory before the outage (MB)', megabytes(memoryBefore)],
        ['memory grew by (MB)', megabytes(grown)],
      ],
      broken: [
        ...brokenRows(rows),
        ...(refusedWhileAway > 0 && refusedWhileLocked > 0 ? [] : ['nobody was refused: the outage was none']),
        ...(longestWait <= longestAllowed
          ? []
          : [`a caller waited for ${Math.round(longestWait)} ms, ${Math.round(longestAllowed)} ms were allowed`]),
        ...(grown <= memoryMayGrowBy ? [] : [`the chat server's memory grew by ${megabytes(grown)} MB`]),
        ...callers.wrong.map((reply) => `a caller got: ${reply}`),
        ...account.wrong.map((counts) => `the account does not add up: ${counts}`),
      ],
    };
  } finally {
    await stage.close();
    await removeFiles();
  }
}

function refused({ counts }: Callers): number {
  return counts['503'] + counts['503 (events)'];
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
