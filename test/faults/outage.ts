/** Runs outages longer than RECORD_DEADLINE, of the whole database and of writes only. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Callers, startCallers } from './callers.ts';
import { checkRows, rowViolations } from './check-rows.ts';
import { undoable } from './clean-up.ts';
import { createEnvironment } from './environment.ts';
import { waitForAnswers } from './inject-faults.ts';
import type { Progress, Report } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import { watchRecordBalance } from './watch-record-balance.ts';

/** An outage of ten minutes and the deadline of 15 s, scaled down so that the deadline still stands out from noise. */
const deadlineMs = 2_000;
const outageMs = 8_000;
const callersAtOnce = 64;
/** The timeout of a question's statement, which also detects a dead connection: docs/durability.md. */
const statementMs = 5_000;
/** The rest of a question may take this many times the slowest question before the outage. */
const slower = 2;
const memoryMayGrowBy = 200 * 1024 * 1024;

export async function runOutage(seed: number, progress: Progress): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'rag-outage-'));
  const removeFiles = undoable(() => rmSync(directory, { recursive: true, force: true }));
  const environment = await createEnvironment(directory, { env: { RECORD_DEADLINE: String(deadlineMs) } });
  try {
    const { chat, network, postgres, tokens } = environment;
    const random = seededRandom(seed);
    const callers = startCallers({ origin: chat.origin, tokens, number: callersAtOnce, random });
    const balance = watchRecordBalance(chat);
    await waitForAnswers(callers, 'the start');
    await pause(2_000);
    const memoryBefore = balance.peakMemory();
    const slowestBefore = callers.longestWaitMs();
    const longestAllowed = deadlineMs + statementMs + Math.max(1_000, slower * slowestBefore);

    progress(0, 2, 'the database is unavailable');
    network.cut();
    await pause(outageMs);
    const refusedWhileUnavailable = refused(callers);
    network.restore();
    await waitForAnswers(callers, 'the outage');

    progress(1, 2, 'the database is reachable, but writes are blocked');
    const refusedBefore = refused(callers);
    await postgres.query(
      `begin; lock table ai_dialogue_log in exclusive mode; select pg_sleep(${outageMs / 1000}); commit`,
    );
    const refusedWhileLocked = refused(callers) - refusedBefore;
    await waitForAnswers(callers, 'the lock');
    await callers.stop();
    await balance.stop();

    const rows = await checkRows(postgres, callers.acknowledged);
    const longestWait = callers.longestWaitMs();
    const grown = balance.peakMemory() - memoryBefore;
    return {
      lines: [
        ['503 with Retry-After while the database was unavailable', refusedWhileUnavailable],
        ['503 with Retry-After while writes were blocked', refusedWhileLocked],
        ['acknowledged answers, each stored once', rows.acknowledged],
        ['rows without an acknowledged reply', rows.unacknowledged],
        ['lost connections', callers.counts['connection lost']],
        ['longest wait for a reply before the outage (s)', (slowestBefore / 1000).toFixed(1)],
        [`longest wait for a reply, with a deadline of ${deadlineMs / 1000} s (s)`, (longestWait / 1000).toFixed(1)],
        ['maximum of pending answers at a scrape', balance.maxPending()],
        ['scrapes of the record counters', balance.scrapes()],
        ['memory before the outage (MB)', megabytes(memoryBefore)],
        ['memory growth (MB)', megabytes(grown)],
      ],
      violations: [
        ...rowViolations(rows),
        ...(refusedWhileUnavailable > 0 && refusedWhileLocked > 0
          ? []
          : ['no request was refused: the outage had no effect']),
        ...(longestWait <= longestAllowed
          ? []
          : [`a caller waited for ${Math.round(longestWait)} ms; the limit is ${Math.round(longestAllowed)} ms`]),
        ...(grown <= memoryMayGrowBy ? [] : [`the chat server's memory grew by ${megabytes(grown)} MB`]),
        ...callers.wrong.map((reply) => `a caller got: ${reply}`),
        ...balance.wrong.map((counts) => `the record counters do not balance: ${counts}`),
      ],
    };
  } finally {
    await environment.close();
    await removeFiles();
  }
}

function refused({ counts }: Callers): number {
  return counts['503'] + counts['503 (events)'];
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
