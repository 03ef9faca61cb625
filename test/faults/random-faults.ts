/** Runs many random faults and checks the rows, the replies and the record counters. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCallers } from './callers.ts';
import { checkRows, rowViolations } from './check-rows.ts';
import { undoable } from './clean-up.ts';
import { createEnvironment } from './environment.ts';
import { injectFaults } from './inject-faults.ts';
import type { Progress, Report } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import { watchRecordBalance } from './watch-record-balance.ts';

const callersAtOnce = 24;
/** The exit code after SIGTERM, also of a server that drains first. */
const stoppedBySignal = 143;

export async function runRandomFaults(
  { seed, number }: { seed: number; number: number },
  progress: Progress,
): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'rag-faults-'));
  const removeFiles = undoable(() => rmSync(directory, { recursive: true, force: true }));
  const environment = await createEnvironment(directory);
  const { origin } = environment.chat;
  const callers = startCallers({
    origin,
    tokens: environment.tokens,
    number: callersAtOnce,
    random: seededRandom(seed + 1),
  });
  try {
    const random = seededRandom(seed);
    const balance = watchRecordBalance(environment.chat);
    const onProgress = (done: number, name: string) => progress(done, number, name);
    const injected = await injectFaults(environment, callers, { number, random, onProgress });
    await callers.stop();
    await balance.stop();
    const stopped = await environment.chat.stop();
    const rows = await checkRows(environment.postgres, callers.acknowledged);
    return {
      lines: [
        ...injected,
        ...Object.entries(callers.counts).map(([kind, count]) => [`replies: ${kind}`, count] as const),
        ['longest wait for a reply (s)', (callers.longestWaitMs() / 1000).toFixed(1)],
        ['acknowledged answers, each stored once', rows.acknowledged],
        ['rows of dialogues', rows.dialogues],
        ['rows without an acknowledged reply', rows.unacknowledged],
        ['questions with more than one row', rows.twice],
        ['scrapes of the record counters', balance.scrapes()],
        ['maximum of pending answers at a scrape', balance.maxPending()],
      ],
      violations: [
        ...rowViolations(rows),
        ...(stopped === stoppedBySignal ? [] : [`the chat server exited with ${stopped} after SIGTERM`]),
        ...callers.wrong.map((reply) => `a caller got: ${reply}`),
        ...balance.wrong.map((counts) => `the record counters do not balance: ${counts}`),
      ],
    };
  } catch (error) {
    const replies = JSON.stringify({ ...callers.counts, wrong: callers.wrong.slice(-3) });
    const output = environment.chat.output().join('\n');
    throw new Error(`seed ${seed}: replies: ${replies}; output of the chat server:\n${output}`, { cause: error });
  } finally {
    await environment.close();
    await removeFiles();
  }
}
