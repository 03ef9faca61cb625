/** `cli -- list-erasures`: lists recent erasures, to be kept outside the database and replayed after a restore. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { ndjson } from '../../http/api/ndjson.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { listErasures } from '../../postgres/erasure/erasure-list.ts';

/** The options as commander passes them. */
export type ListErasuresFlags = { readonly since?: string };

export function describeListErasures(command: Command): Command {
  return command
    .description('list the erasures of the last ERASURE_REPLAY_DAYS as JSON lines, for replay-erasures')
    .option('--since <time>', 'only erasures since this time, such as 2026-03-07T04:05:06Z or 2026-03-07')
    .addHelpText(
      'after',
      '\nStore the newest list with the backups, outside the database. The last line has the type "end". See docs/learner-rights.md.',
    );
}

/** @returns the exit code. @throws {Error} for an invalid time */
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
    throw new Error('--since: not a time; use for example 2026-03-07T04:05:06Z or 2026-03-07 (UTC)');
  return at;
}
