/** The content verification job, for the worker's schedule and for the CLI. */
import type { Pool } from '../postgres/client/connect.ts';
import { type ContentToVerify, findContentToVerify, writeVerification } from '../postgres/content/verification.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';

import type { VerificationStatus } from '../provenance/verification.ts';
import { createVerifyContent } from '../retention/verify-content.ts';
import { dayOf } from '../rollup/day.ts';
import type { Retry, RunResult } from '../rollup/leased-run.ts';
import { readAgain } from '../sources/ingest/read-again.ts';
import { createJob, type Run } from './leased-job.ts';

type VerificationRun = Run & {
  /** Documents per run, the least recently verified first. */
  readonly limit: number;
  readonly onFound: (count: number) => void;
  readonly onVerified: (content: ContentToVerify, status: VerificationStatus) => void;
};

/** Verifies content. The run's outcome is the number of documents read. A changed document does not fail the run. */
export function runContentVerification(
  pool: Pool,
  { retry, now }: { retry: Retry; now: () => Date },
  { runId, since, signal, limit, onFound, onVerified }: VerificationRun,
): Promise<RunResult<number>> {
  const at = now();
  let verified = 0;
  const verify = createVerifyContent<ContentToVerify>({
    read: readAgain,
    write: ({ provenanceId, sha256 }, found) => writeVerification(pool, provenanceId, { sha256, ...found }),
  });
  const run = createJob(
    pool,
    jobs.contentVerification,
    async (_, { succeed }) => {
      // After a retry, the documents that this run has already verified are no longer due.
      const documents = await findContentToVerify(pool, { verifiedBefore: at, limit: limit - verified });
      onFound(documents.length);
      await verify({
        documents,
        signal,
        onVerified(content, status) {
          verified += 1;
          onVerified(content, status);
        },
      });
      await succeed(verified);
      return verified;
    },
    retry,
  );
  return run(dayOf(at), { runId, since, signal });
}
