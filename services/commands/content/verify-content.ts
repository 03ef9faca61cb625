/** `cli -- verify-content`: reads content again and reports what has changed since it was ingested. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { commandRetry } from '../../jobs/leased-job.ts';
import { runContentVerification } from '../../jobs/verify-content.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { type VerificationStatus, verificationStatuses } from '../../provenance/verification.ts';
import { count } from '../../runtime/console.ts';
import { printable, showProgress, type Terminal } from '../progress.ts';

/** The options as commander passes them. */
export type VerifyContentFlags = { readonly limit?: string };

/** The statuses that need attention. Other documents are unchanged, or cannot be read from here. */
const problems: Readonly<Partial<Record<VerificationStatus, string>>> = {
  hash_mismatch: 'changed since it was ingested; ingest it again, or restore it',
  manifest_mismatch: 'its C2PA manifest was changed or removed since it was ingested; find out who changed it',
  manifest_invalid: 'its C2PA manifest does not match its bytes, or is damaged',
  unreachable: 'cannot be read; check that the file exists on this machine',
  no_hash: 'stored without a hash; ingest it again',
};

export function describeVerifyContent(command: Command): Command {
  return command
    .description('verify that content has not changed since it was ingested, the least recently verified first')
    .option('--limit <n>', 'maximum number of documents', '1000')
    .addHelpText('after', '\nRemoves nothing. The exit code is 1 if a document has changed. See docs/retention.md.');
}

/**
 * @returns the exit code
 * @throws {Error} for invalid options
 */
export async function runVerifyContent(
  { limit = '1000' }: VerifyContentFlags,
  {
    pool,
    now,
    clock,
    terminal,
    signal,
  }: { pool: Pool; now: () => Date; clock: () => number; terminal: Terminal; signal: AbortSignal },
): Promise<number> {
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
        const problem = problems[status];
        if (problem !== undefined) {
          progress.end();
          const name = sourceUri === null ? '(no source URI)' : printable(sourceUri);
          terminal.write(`${status}  ${name}  ${contentType} ${contentId}: ${problem}\n`);
        }
        progress.update(`${done}/${total} documents`, sourceUri ?? '');
      },
    },
  );
  progress.end();
  const summary = verificationStatuses
    .filter((status) => counts.has(status))
    .map((status) => `${counts.get(status)} ${status}`);
  const seconds = ((clock() - began) / 1_000).toFixed(1);
  terminal.write(
    `verified ${count(done, 'document')} in ${seconds} s${summary.length === 0 ? '' : `: ${summary.join(', ')}`}\n`,
  );
  if (result.state === 'elsewhere') terminal.write('skipped: a worker is running this job; retry in a minute\n');
  if (result.state === 'failed') terminal.write(`failed: ${result.error}\n`);
  const unchanged = verificationStatuses.every((status) => problems[status] === undefined || !counts.has(status));
  return result.state === 'succeeded' && unchanged ? 0 : 1;
}
