/** Rolls up a series of days as one run, oldest first. */
import type { Day } from './day.ts';
import type { DayResult, RollDay } from './roll-day.ts';

export type RunOptions = {
  /** Ties the days of this run together in the ledger. */
  readonly runId: string;
  /** Days that any worker has finished since then are left as they are; null: every day is done. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
  /** Told of each day as it ends. */
  readonly onDay: (result: DayResult) => void;
  /** Whether a failed day ends the run: right for a person who waits, wrong for the night. */
  readonly stopOnFailure: boolean;
};

export async function runDays(
  days: readonly Day[],
  rollDay: RollDay,
  { runId, since, signal, onDay, stopOnFailure }: RunOptions,
): Promise<readonly DayResult[]> {
  const results: DayResult[] = [];
  for (const day of days) {
    if (signal.aborted) break;
    const result = await rollDay(day, { runId, since, signal });
    results.push(result);
    onDay(result);
    if (stopOnFailure && result.state === 'failed') break;
  }
  return results;
}
