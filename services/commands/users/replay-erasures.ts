/** `cli -- replay-erasures`: repeats erasures that a restored backup has undone. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Pool } from '../../postgres/client/connect.ts';
import { type ReplayedErasure, replayErasures } from '../../postgres/erasure/replay-erasures.ts';
import { count } from '../../runtime/console.ts';
import { readErasureList } from './read-erasure-list.ts';
import { runVerifyReceipts } from './verify-receipts.ts';

export function describeReplayErasures(command: Command): Command {
  return command
    .description('repeat the erasures that a restored backup has undone')
    .argument('[file]', 'the output of list-erasures (default: standard input)')
    .addHelpText('after', '\nRun it before the servers start. It can be repeated: it continues where it stopped.');
}

const progressMs = 5_000;

/**
 * @param deps.print prints progress, `write` the report
 * @returns the exit code: 1 if the chain of receipts is broken
 * @throws {Error} for a damaged list, before anything is changed
 */
export async function runReplayErasures(
  file: string | undefined,
  deps: {
    pool: Pool;
    input: NodeJS.ReadableStream;
    clock: () => number;
    write: (text: string) => void;
    print: (line: string) => void;
    signal: AbortSignal;
  },
): Promise<number> {
  const { pool, input, clock, write, print, signal } = deps;
  const erasures = readErasureList(file === undefined ? await text(input) : await readFile(file, 'utf8'));
  const done: ReplayedErasure[] = [];
  let printedAt = clock();
  for await (const replayed of replayErasures(pool, erasures)) {
    done.push(replayed);
    if (signal.aborted) break;
    if (clock() - printedAt < progressMs) continue;
    printedAt = clock();
    print(`${done.length}/${erasures.length} erasures`);
  }
  write(report(done));
  const code = await runVerifyReceipts({}, { pool, write });
  if (done.length < erasures.length)
    write(
      `stopped: ${count(erasures.length - done.length, 'erasure is', 'erasures are')} left; run the command again\n`,
    );
  return code;
}

function report(done: readonly ReplayedErasure[]): string {
  const receipts = (as: ReplayedErasure['receipt']) => done.filter(({ receipt }) => receipt === as).length;
  const tables = ['ai_dialogue_log', 'provenance', 'relevance_judging', 'idempotency_key', 'users'] as const;
  const erased = tables.map((table) => `${done.reduce((sum, { counts }) => sum + counts[table], 0)} ${table}`);
  const kept = done.flatMap(({ accountKept }) => (accountKept === null ? [] : [accountKept]));
  return [
    `${count(done.length, 'erasure')}: ${count(receipts('restored'), 'receipt')} restored, ` +
      `${receipts('replaced')} replaced by a new one, ${receipts('unchanged')} already present with nothing left to erase`,
    `erased: ${erased.join(', ')}`,
    ...kept.map((id) => `kept user ${id}: other tables reference the row in users, or the user has registered again`),
    '',
  ].join('\n');
}
