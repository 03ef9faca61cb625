/** Runs a job for several days as one run, oldest day first. */
import type { Day } from './day.ts';
import type { LeasedRun, RunResult } from './leased-run.ts';
import type { PeriodMetrics } from './period-metrics.ts';

/** A rollup run of one day. */
export type RollDay = LeasedRun<PeriodMetrics>;
export type DayResult = RunResult<PeriodMetrics>;

type RunOptions<Outcome> = {
  /** Identifies the days of this run in the ledger. */
  readonly runId: string;
  /** Skip days that any worker has finished since then; null: run every day. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
  /** Called after each day. */
  readonly onDay: (result: RunResult<Outcome>) => void;
  /** Whether a failed day ends the run: true for commands, false for the nightly run. */
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
