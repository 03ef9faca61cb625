/** `cli -- export-user`: exports all data stored about a user, as GET /api/me/export does. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { ndjson } from '../../http/api/ndjson.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { exportUser } from '../../postgres/erasure/export-user.ts';
import { findOneUser } from './find-user.ts';

export function describeExportUser(command: Command): Command {
  return command
    .description('export all data stored about a user, one JSON object per line')
    .argument('<user>', 'an e-mail address or a UUID')
    .addHelpText(
      'after',
      '\nThe last line has the type "end"; without it the export is incomplete. See docs/learner-rights.md.',
    );
}

/**
 * @param deps.pool may read only the user's own rows; `auditPool` looks up the user
 * @returns the exit code
 * @throws {Error} for an unknown user
 */
export async function runExportUser(
  name: string,
  { pool, auditPool, output, signal }: { pool: Pool; auditPool: Pool; output: Writable; signal: AbortSignal },
): Promise<number> {
  const { id } = await findOneUser(auditPool, name);
  async function* lines(): AsyncGenerator<string> {
    for await (const page of exportUser(pool, id)) yield ndjson(page);
  }
  await pipeline(Readable.from(lines()), output, { end: false, signal });
  return 0;
}
