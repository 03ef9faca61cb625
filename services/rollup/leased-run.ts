/** Does a job for a day under a lease, with retries: no other worker does it meanwhile. */
import pRetry, { AbortError, type Options } from 'p-retry';
import type { Day } from './day.ts';

/** How often, and how long apart, a run is tried. */
export type Retry = Pick<Options, 'retries' | 'minTimeout' | 'maxTimeout' | 'factor' | 'randomize'>;

/** What is kept about a job's runs; the lease is the row of a run that is under way. */
export type Ledger = {
  /**
   * Takes over a lease that has run out, too.
   * @returns null while another worker holds the day's lease, or has done the day since `since`
   */
  readonly takeLease: (claim: { runId: string; day: Day; since: Date | null }) => Promise<string | null>;
  /** False: the lease is lost. */
  readonly renewLease: (leaseId: string) => Promise<boolean>;
  readonly giveBackLease: (leaseId: string) => Promise<void>;
  readonly failRun: (
    leaseId: string,
    failure: { attempts: number; error: string; rowsWritten: number },
  ) => Promise<void>;
};

/**
 * Does the work and ends its run in the ledger. Tried again if it throws; when the signal is aborted, because we are told to stop or
 * because the lease is lost, it may throw to end early.
 * @throws {LeaseLost} where the lease has been taken over
 * @throws {RunFailed} where trying again would not help
 */
export type Work<Outcome> = (
  day: Day,
  run: { readonly leaseId: string; readonly runId: string; readonly attempts: number; readonly signal: AbortSignal },
) => Promise<Outcome>;

export class LeaseLost extends Error {
  constructor() {
    super('another worker has taken the day over');
    this.name = 'LeaseLost';
  }

  /** Logged: the message is ours and quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}

export class RunFailed extends Error {
  /** What was done all the same. */
  readonly rowsWritten: number;
  constructor(reason: string, rowsWritten = 0) {
    super(reason);
    this.name = 'RunFailed';
    this.rowsWritten = rowsWritten;
  }

  /** Logged: the message is ours and quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}

export type RunResult<Outcome> =
  | { readonly day: Day; readonly state: 'succeeded'; readonly attempts: number; readonly outcome: Outcome }
  /** Another worker does the day, or has just done it. */
  | { readonly day: Day; readonly state: 'elsewhere' }
  | { readonly day: Day; readonly state: 'failed'; readonly attempts: number; readonly error: string }
  /** We were told to stop; the lease has been given back. */
  | { readonly day: Day; readonly state: 'stopped' };

export type LeasedRun<Outcome> = (
  day: Day,
  run: { readonly runId: string; readonly since: Date | null; readonly signal: AbortSignal },
) => Promise<RunResult<Outcome>>;

export function createLeasedRun<Outcome>({
  ledger,
  work,
  retry,
  renewEveryMs,
  describe,
}: {
  ledger: Ledger;
  work: Work<Outcome>;
  retry: Retry;
  /** A third of the lease's length leaves room for two renewals that fail. */
  renewEveryMs: number;
  /** An error as one line without text of users: it is kept and logged. */
  describe: (error: unknown) => string;
}): LeasedRun<Outcome> {
  return async (day, { runId, since, signal }) => {
    let leaseId: string | null = null;
    let attempts = 0;
    let renewal: NodeJS.Timeout | undefined;
    let underWay: Promise<RunResult<Outcome>> | undefined;
    const lost = new AbortController();
    const ending = AbortSignal.any([signal, lost.signal]);

    async function attempt(): Promise<RunResult<Outcome>> {
      attempts += 1;
      leaseId ??= await ledger.takeLease({ runId, day, since });
      if (leaseId === null) return { day, state: 'elsewhere' };
      keep(leaseId);
      try {
        return {
          day,
          state: 'succeeded',
          attempts,
          outcome: await work(day, { leaseId, runId, attempts, signal: ending }),
        };
      } catch (error) {
        if (lost.signal.aborted) throw new AbortError(new LeaseLost());
        throw error instanceof LeaseLost || error instanceof RunFailed ? new AbortError(error) : error;
      }
    }

    function keep(held: string): void {
      renewal ??= setInterval(() => renew(held), renewEveryMs).unref();
    }

    async function renew(held: string): Promise<void> {
      // A renewal that fails is no failure of the run: the next one, or the work itself, finds out whether the lease still holds.
      const holds = await ledger.renewLease(held).catch(() => true);
      if (!holds) lost.abort(new LeaseLost());
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
      const rowsWritten = error instanceof RunFailed ? error.rowsWritten : 0;
      if (leaseId !== null) await ledger.failRun(leaseId, { ...failure, rowsWritten }).catch(ignoreAway);
      return { day, state: 'failed', ...failure };
    } finally {
      clearInterval(renewal);
    }
  };
}

/** The database is away: the lease runs out by itself, and whoever takes it over marks this run as failed. */
function ignoreAway(): void {}
