/** `cli -- list-erasures`: writes the erasures of late, to be kept outside the database for the day a backup is restored. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { ndjson } from '../http/api/ndjson.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { listErasures } from '../postgres/erasure/erasure-list.ts';

/** As commander hands them over. */
export type ListErasuresFlags = { readonly since?: string };

export function describeListErasures(command: Command): Command {
  return command
    .description('write the erasures of the last ERASURE_REPLAY_DAYS, one JSON object a line, for replay-erasures')
    .option('--since <time>', 'only those done then or later, such as 2026-03-07T04:05:06Z or 2026-03-07')
    .addHelpText(
      'after',
      '\nKeep the newest list outside the database, beside the backups. The last line is of type "end". See docs/learner-rights.md.',
    );
}

/** @returns the exit code. @throws {Error} for a time that is none */
export async function runListErasures(
  { since }: ListErasuresFlags,
  { pool, output, signal }: { pool: Pool; output: Writable; signal: AbortSignal },
): Promise<number> {
  const from = since === undefined ? '-infinity' : instantOf(since);
  async function* lines(): AsyncGenerator<string> {
    let erasures = 0;
    for await (const page of listErasures(pool, from)) {
      erasures += page.length;
      yield ndjson(page.map((erasure) => ({ type: 'erasure', ...erasure })));
    }
    yield ndjson([{ type: 'end', erasures }]);
  }
  await pipeline(Readable.from(lines()), output, { end: false, signal });
  return 0;
}

function instantOf(text: string): Date {
  const at = new Date(/^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? text : Number.NaN);
  if (Number.isNaN(at.getTime()))
    throw new Error('--since is no time such as 2026-03-07T04:05:06Z or 2026-03-07 (UTC)');
  return at;
}
