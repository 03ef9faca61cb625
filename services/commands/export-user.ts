/** `cli -- export-user`: writes everything that is held about a user, as GET /api/me/export gives it to them. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { ndjson } from '../http/api/ndjson.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { exportUser } from '../postgres/erasure/export-user.ts';
import { findOneUser } from './find-one-user.ts';

export function describeExportUser(command: Command): Command {
  return command
    .description('write everything that is held about a user, one JSON object a line')
    .argument('<user>', 'an e-mail address or a UUID')
    .addHelpText(
      'after',
      '\nThe last line is of type "end"; without it the export broke off. See docs/learner-rights.md.',
    );
}

/**
 * @param given.pool may read only the user's own rows; `auditPool` finds out whose those are
 * @returns the exit code
 * @throws {Error} for a user who is not there
 */
export async function runExportUser(
  given: string,
  { pool, auditPool, output, signal }: { pool: Pool; auditPool: Pool; output: Writable; signal: AbortSignal },
): Promise<number> {
  const { id } = await findOneUser(auditPool, given);
  async function* lines(): AsyncGenerator<string> {
    for await (const page of exportUser(pool, id)) yield ndjson(page);
  }
  await pipeline(Readable.from(lines()), output, { end: false, signal });
  return 0;
}
