/** Ties the verification of content to its files, its database and its ledger: for the worker and for a person's command. */
import type { Pool } from '../postgres/client/connect.ts';
import { type ContentToVerify, findContentToVerify, writeVerification } from '../postgres/content/verification.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';
import { succeedJobRun } from '../postgres/jobs/job-runs.ts';
import type { VerificationStatus } from '../provenance/verification.ts';
import { createVerifyContent } from '../retention/verify-content.ts';
import { dayOf } from '../rollup/day.ts';
import { LeaseLost, type Retry, type RunResult } from '../rollup/leased-run.ts';
import { readAgain } from '../sources/ingest/read-again.ts';
import { type Run, wireJob } from './leased-job.ts';

type VerificationRun = Run & {
  /** Most contents of the run, those first whose verification is the longest ago. */
  readonly limit: number;
  readonly onFound: (count: number) => void;
  readonly onVerified: (content: ContentToVerify, status: VerificationStatus) => void;
};

/** The run's outcome: how many contents were looked at. One that has changed is no failure of the run. */
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
  const run = wireJob(
    pool,
    jobs.contentVerification,
    async (_, { leaseId, attempts }) => {
      // Those that this run has verified already, before it was tried again, are not due any more.
      const contents = await findContentToVerify(pool, { verifiedBefore: at, limit: limit - verified });
      onFound(contents.length);
      await verify({
        contents,
        signal,
        onVerified(content, status) {
          verified += 1;
          onVerified(content, status);
        },
      });
      if (!(await succeedJobRun(pool, leaseId, { attempts, rowsWritten: verified }))) throw new LeaseLost();
      return verified;
    },
    retry,
  );
  return run(dayOf(at), { runId, since, signal });
}
