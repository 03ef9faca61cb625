/** Writes one day's row under a lease, with retries: nobody else writes the day meanwhile. */
import pRetry, { AbortError, type Options } from 'p-retry';
import type { Day } from './day.ts';
import type { PeriodMetrics } from './period-metrics.ts';

/** How often, and how long apart, a day is tried. */
export type Retry = Pick<Options, 'retries' | 'minTimeout' | 'maxTimeout' | 'factor' | 'randomize'>;

/** What is kept about runs; the lease is the row of a run that is under way. */
export type Ledger = {
  /**
   * Takes over a lease that has run out, too.
   * @returns null while another worker holds the day's lease, or has done the day since `since`
   */
  readonly takeLease: (claim: { runId: string; day: Day; since: Date | null }) => Promise<string | null>;
  /** False: the lease is lost. */
  readonly renewLease: (leaseId: string) => Promise<boolean>;
  readonly giveBackLease: (leaseId: string) => Promise<void>;
  readonly failRun: (leaseId: string, failure: { attempts: number; error: string }) => Promise<void>;
};

/**
 * Computes the day and writes its row together with the success of its run, in one transaction.
 * @throws {LeaseLost} where the lease has been taken over: nothing is written then
 */
export type WriteDay = (day: Day, run: { leaseId: string; attempts: number }) => Promise<PeriodMetrics>;

export class LeaseLost extends Error {
  constructor() {
    super('another worker has taken the day over');
    this.name = 'LeaseLost';
  }
}

export type DayResult =
  | { readonly day: Day; readonly state: 'succeeded'; readonly attempts: number; readonly metrics: PeriodMetrics }
  /** Another worker does the day, or has just done it. */
  | { readonly day: Day; readonly state: 'elsewhere' }
  | { readonly day: Day; readonly state: 'failed'; readonly attempts: number; readonly error: string }
  /** We were told to stop; the lease has been given back. */
  | { readonly day: Day; readonly state: 'stopped' };

export type RollDay = (
  day: Day,
  run: { readonly runId: string; readonly since: Date | null; readonly signal: AbortSignal },
) => Promise<DayResult>;

export function createRollDay({
  ledger,
  writeDay,
  retry,
  renewEveryMs,
  describe,
}: {
  ledger: Ledger;
  writeDay: WriteDay;
  retry: Retry;
  /** A third of the lease's length leaves room for two renewals that fail. */
  renewEveryMs: number;
  /** An error as one line without text of users: it is kept and logged. */
  describe: (error: unknown) => string;
}): RollDay {
  return async (day, { runId, since, signal }) => {
    let leaseId: string | null = null;
    let attempts = 0;
    let renewal: NodeJS.Timeout | undefined;
    let underWay: Promise<DayResult> | undefined;

    async function attempt(): Promise<DayResult> {
      attempts += 1;
      leaseId ??= await ledger.takeLease({ runId, day, since });
      if (leaseId === null) return { day, state: 'elsewhere' };
      keep(leaseId);
      try {
        return { day, state: 'succeeded', attempts, metrics: await writeDay(day, { leaseId, attempts }) };
      } catch (error) {
        throw error instanceof LeaseLost ? new AbortError(error) : error;
      }
    }

    function keep(held: string): void {
      // A renewal that fails is no failure of the day: the write itself finds out whether the lease still holds.
      renewal ??= setInterval(() => ledger.renewLease(held).catch(() => false), renewEveryMs).unref();
    }

    try {
      const again = () => {
        underWay = attempt();
        return underWay;
      };
      return await pRetry(again, { ...retry, signal });
    } catch (error) {
      if (error instanceof LeaseLost) return { day, state: 'elsewhere' };
      if (signal.aborted) {
        // The signal ends the waiting between attempts at once, but a day that is being written is finished.
        const finished = await underWay?.catch(() => undefined);
        if (finished !== undefined) return finished;
        if (leaseId !== null) await ledger.giveBackLease(leaseId).catch(ignoreAway);
        return { day, state: 'stopped' };
      }
      const failure = { attempts, error: describe(error) };
      if (leaseId !== null) await ledger.failRun(leaseId, failure).catch(ignoreAway);
      return { day, state: 'failed', ...failure };
    } finally {
      clearInterval(renewal);
    }
  };
}

/** The database is away: the lease runs out by itself, and whoever takes it over marks this run as failed. */
function ignoreAway(): void {}
