/** Plays many random faults and judges by the rows, the replies and the account. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCallers } from './callers.ts';
import { brokenRows, checkRows } from './check-rows.ts';
import { undoable } from './clean-up.ts';
import { breakThings } from './loop.ts';
import type { Progress, Report } from './report.ts';
import { seededRandom } from './seeded-random.ts';
import { setStage } from './stage.ts';
import { watchAccount } from './watch-account.ts';

const callersAtOnce = 24;
/** What a shell tells of a program that SIGTERM ended; a server that drains says the same. */
const stoppedBySignal = 143;

export async function playRandomFaults(
  { seed, number }: { seed: number; number: number },
  progress: Progress,
): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'rag-faults-'));
  const removeFiles = undoable(() => rmSync(directory, { recursive: true, force: true }));
  const stage = await setStage(directory);
  const { origin } = stage.chat;
  const callers = startCallers({ origin, tokens: stage.tokens, number: callersAtOnce, random: seededRandom(seed + 1) });
  try {
    const random = seededRandom(seed);
    const account = watchAccount(stage.chat);
    const tell = (done: number, name: string) => progress(done, number, name);
    const injected = await breakThings(stage, callers, { number, random, tell });
    await callers.stop();
    await account.stop();
    const stopped = await stage.chat.stop();
    const rows = await checkRows(stage.postgres, callers.acknowledged);
    return {
      lines: [
        ...injected,
        ...Object.entries(callers.counts).map(([told, count]) => [`callers told: ${told}`, count] as const),
        ['longest wait for a reply (s)', (callers.longestWaitMs() / 1000).toFixed(1)],
        ['answers acknowledged, each once', rows.acknowledged],
        ['rows of dialogues', rows.dialogues],
        ['rows whose caller was not told in time', rows.untold],
        ['questions with more than one row', rows.twice],
        ['scrapes of the account', account.scrapes()],
        ['most answers pending at a scrape', account.mostPending()],
      ],
      broken: [
        ...brokenRows(rows),
        ...(stopped === stoppedBySignal ? [] : [`the chat server, told to stop, ended with ${stopped}`]),
        ...callers.wrong.map((reply) => `a caller got: ${reply}`),
        ...account.wrong.map((counts) => `the account does not add up: ${counts}`),
      ],
    };
  } catch (error) {
    const told = JSON.stringify({ ...callers.counts, wrong: callers.wrong.slice(-3) });
    const said = stage.chat.said().join('\n');
    throw new Error(`seed ${seed}: callers were told ${told}; the chat server said\n${said}`, { cause: error });
  } finally {
    await stage.close();
    await removeFiles();
  }
}
