/** `cli -- replay-erasures`: after a backup was restored, erases again what it brought back. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Pool } from '../postgres/client/connect.ts';
import { type ReplayedErasure, replayErasures } from '../postgres/erasure/replay-erasures.ts';
import { count } from '../runtime/console.ts';
import { readErasureList } from './read-erasure-list.ts';
import { runVerifyReceipts } from './verify-receipts.ts';

export function describeReplayErasures(command: Command): Command {
  return command
    .description('after a backup was restored: erase again what it brought back')
    .argument('[file]', 'a list that list-erasures wrote; standard input if not told')
    .addHelpText('after', '\nRun it before the servers start. It may be run again: it does what is left to do.');
}

const progressMs = 5_000;

/**
 * @param given.tell progress, for a person
 * @param given.write the report
 * @returns the exit code: 1 if the chain of receipts is broken
 * @throws {Error} for a list that is not whole, before anything is changed
 */
export async function runReplayErasures(
  file: string | undefined,
  given: {
    pool: Pool;
    input: NodeJS.ReadableStream;
    clock: () => number;
    write: (text: string) => void;
    tell: (line: string) => void;
    signal: AbortSignal;
  },
): Promise<number> {
  const { pool, input, clock, write, tell, signal } = given;
  const erasures = readErasureList(file === undefined ? await text(input) : await readFile(file, 'utf8'));
  const done: ReplayedErasure[] = [];
  let toldAt = clock();
  for await (const replayed of replayErasures(pool, erasures)) {
    done.push(replayed);
    if (signal.aborted) break;
    if (clock() - toldAt < progressMs) continue;
    toldAt = clock();
    tell(`${done.length}/${erasures.length} erasures`);
  }
  write(report(done));
  const code = await runVerifyReceipts({}, { pool, write });
  if (done.length < erasures.length)
    write(`stopped: ${count(erasures.length - done.length, 'erasure is', 'erasures are')} left; run it again\n`);
  return code;
}

function report(done: readonly ReplayedErasure[]): string {
  const receipts = (as: ReplayedErasure['receipt']) => done.filter(({ receipt }) => receipt === as).length;
  const tables = ['ai_dialogue_log', 'provenance', 'relevance_judging', 'idempotency_key', 'users'] as const;
  const erased = tables.map((table) => `${done.reduce((sum, { counts }) => sum + counts[table], 0)} ${table}`);
  const kept = done.flatMap(({ accountKept }) => (accountKept === null ? [] : [accountKept]));
  return [
    `${count(done.length, 'erasure')}: ${count(receipts('put_back'), 'receipt')} put back, ` +
      `${receipts('stood_for')} stood for by another, ${receipts('there')} there already with nothing left to erase`,
    `erased: ${erased.join(', ')}`,
    ...kept.map(
      (id) => `the row in users of ${id} stays: other tables hang on it, or it is of somebody who came again`,
    ),
    '',
  ].join('\n');
}
