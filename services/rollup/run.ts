/** Does a job for a series of days as one run, oldest first. */
import type { Day } from './day.ts';
import type { LeasedRun, RunResult } from './leased-run.ts';

type RunOptions<Outcome> = {
  /** Ties the days of this run together in the ledger. */
  readonly runId: string;
  /** Days that any worker has finished since then are left as they are; null: every day is done. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
  /** Told of each day as it ends. */
  readonly onDay: (result: RunResult<Outcome>) => void;
  /** Whether a failed day ends the run: right for a person who waits, wrong for the night. */
  readonly stopOnFailure: boolean;
};

export async function runDays<Outcome>(
  days: readonly Day[],
  runDay: LeasedRun<Outcome>,
  { runId, since, signal, onDay, stopOnFailure }: RunOptions<Outcome>,
): Promise<readonly RunResult<Outcome>[]> {
  const results: RunResult<Outcome>[] = [];
  for (const day of days) {
    if (signal.aborted) break;
    const result = await runDay(day, { runId, since, signal });
    results.push(result);
    onDay(result);
    if (stopOnFailure && result.state === 'failed') break;
  }
  return results;
}
