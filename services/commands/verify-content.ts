/** `cli -- verify-content`: reads content again and tells what is no longer what was taken in. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { commandRetry } from '../jobs/leased-job.ts';
import { runContentVerification } from '../jobs/verify-content.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { type VerificationStatus, verificationStatuses } from '../provenance/verification.ts';
import { count } from '../runtime/console.ts';
import { printable, showProgress, type Terminal } from './show-progress.ts';

/** As commander hands them over. */
export type VerifyContentFlags = { readonly limit?: string };

/** What a person should look at; the others are as they were, or cannot be read from here. */
const troubles: Readonly<Partial<Record<VerificationStatus, string>>> = {
  hash_mismatch: 'has changed since it was taken in; take it in again, or restore it',
  manifest_mismatch: 'carries another C2PA manifest than when it was taken in, or none; find out who changed it',
  manifest_invalid: 'carries a C2PA manifest that was made for other bytes, or is damaged',
  unreachable: 'cannot be read; is the file still there, and is this the machine that has it?',
  no_hash: 'was stored without a hash; take it in again',
};

/** Adds the command's options and help. */
export function describeVerifyContent(command: Command): Command {
  return command
    .description('read content again and compare it with its hashes, first what was verified the longest ago')
    .option('--limit <n>', 'at most so many contents', '1000')
    .addHelpText(
      'after',
      '\nNothing is removed. The exit code is 1 if something is not as it was. See docs/retention.md.',
    );
}

/**
 * @returns the exit code
 * @throws {Error} for options that cannot be used
 */
export async function runVerifyContent(
  { limit = '1000' }: VerifyContentFlags,
  given: { pool: Pool; now: () => Date; clock: () => number; terminal: Terminal; signal: AbortSignal },
): Promise<number> {
  const { pool, now, clock, terminal, signal } = given;
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new Error('--limit: must be a whole number from 1 to 9999999');
  const began = clock();
  const progress = showProgress(terminal, clock);
  const counts = new Map<VerificationStatus, number>();
  let total = 0;
  let done = 0;
  const result = await runContentVerification(
    pool,
    { retry: commandRetry, now },
    {
      runId: randomUUID(),
      since: null,
      signal,
      limit: Number(limit),
      onFound: (count) => {
        total = done + count;
      },
      onVerified({ sourceUri, contentType, contentId }, status) {
        done += 1;
        counts.set(status, (counts.get(status) ?? 0) + 1);
        const trouble = troubles[status];
        if (trouble !== undefined) {
          progress.end();
          const name = sourceUri === null ? '(no source URI)' : printable(sourceUri);
          terminal.write(`${status}  ${name}  ${contentType} ${contentId}: ${trouble}\n`);
        }
        progress.update(`${done}/${total} contents`, sourceUri ?? '');
      },
    },
  );
  progress.end();
  const told = verificationStatuses
    .filter((status) => counts.has(status))
    .map((status) => `${counts.get(status)} ${status}`);
  const seconds = ((clock() - began) / 1_000).toFixed(1);
  terminal.write(
    `${count(done, 'content')} read again in ${seconds} s${told.length === 0 ? '' : `: ${told.join(', ')}`}\n`,
  );
  if (result.state === 'elsewhere') terminal.write('a worker is at it; try again in a minute\n');
  if (result.state === 'failed') terminal.write(`failed: ${result.error}\n`);
  const sound = verificationStatuses.every((status) => troubles[status] === undefined || !counts.has(status));
  return result.state === 'succeeded' && sound ? 0 : 1;
}
