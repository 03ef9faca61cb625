/** Rolls up the due days, nightly and to catch up, and waits while the database is unavailable. */
import pRetry from 'p-retry';
import { addDays, type Day, dayOf } from './day.ts';
import { catchUpDays, type Gaps, nightlyDays } from './due-days.ts';
import type { Retry } from './leased-run.ts';
import type { DayResult, RollDay } from './run.ts';
import { runDays } from './run.ts';

type DueRuns = {
  readonly nightly: (signal: AbortSignal) => Promise<readonly DayResult[]>;
  readonly catchUp: (signal: AbortSignal) => Promise<readonly DayResult[]>;
};

/** Several workers start the same run within moments, by slightly different clocks: the others skip finished days. */
const justDoneMs = 60_000;

export function createDueRuns({
  readGaps,
  rollDay,
  now,
  newRunId,
  retry,
  onDay,
  onUnavailable,
}: {
  /** @param yesterday the last day that is over */
  readGaps: (yesterday: Day) => Promise<Gaps>;
  rollDay: RollDay;
  now: () => Date;
  newRunId: () => string;
  /** The intervals at which reading the gaps is retried, without limit. */
  retry: Retry;
  onDay: (result: DayResult) => void;
  /** Called for each failed attempt to read the gaps. */
  onUnavailable: (error: unknown) => void;
}): DueRuns {
  async function run(due: (gaps: Gaps, today: Day) => readonly Day[], signal: AbortSignal) {
    const found = await findGaps(signal);
    if (found === null) return [];
    const days = due(found.gaps, found.today);
    const since = new Date(now().getTime() - justDoneMs);
    return runDays(days, rollDay, { runId: newRunId(), since, signal, onDay, stopOnFailure: false });
  }

  async function findGaps(signal: AbortSignal): Promise<{ gaps: Gaps; today: Day } | null> {
    const read = async () => {
      const today = dayOf(now());
      return { today, gaps: await readGaps(addDays(today, -1)) };
    };
    try {
      return await pRetry(read, {
        ...retry,
        retries: Number.POSITIVE_INFINITY,
        signal,
        onFailedAttempt: ({ error }) => onUnavailable(error),
      });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  return {
    nightly: (signal) => run(nightlyDays, signal),
    catchUp: (signal) => run(catchUpDays, signal),
  };
}
