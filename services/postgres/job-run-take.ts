/** Takes the lease of a job's day: the row of a run that is under way. */
import type { Pool } from 'pg';
import { inTransaction } from './in-transaction.ts';
import { claimJobRun, type JobClaim } from './job-run-claim.ts';
import { withdrawJobRun } from './job-run-withdraw.ts';

/**
 * The database's clock counts, so that workers need not agree on the time. A claim that waited for the run before it asks once
 * more, by a statement that sees that run's end; until then nobody else sees the claim.
 * @returns the run's id; null while another run holds the lease, or where one has succeeded since `since`
 */
export function takeJobRun(pool: Pool, claim: JobClaim): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const id = await claimJobRun(client, claim);
    return id === null || (await withdrawJobRun(client, id, claim.since)) ? null : id;
  });
}
