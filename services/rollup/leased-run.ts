/** Runs a job for one day under an exclusive lease, with retries. */
import pRetry, { AbortError, type Options } from 'p-retry';
import type { Day } from './day.ts';

/** How often a run is retried, and at which intervals. */
export type Retry = Pick<Options, 'retries' | 'minTimeout' | 'maxTimeout' | 'factor' | 'randomize'>;

/** Records a job's runs; a running run's row is its lease. */
export type Ledger = {
  /**
   * Also takes over an expired lease.
   * @returns null while another worker holds the day's lease, or if the day has succeeded since `since`
   */
  readonly acquireLease: (claim: { runId: string; day: Day; since: Date | null }) => Promise<string | null>;
  /** @returns false if the lease is lost */
  readonly renewLease: (leaseId: string) => Promise<boolean>;
  readonly releaseLease: (leaseId: string) => Promise<void>;
  readonly failRun: (
    leaseId: string,
    failure: { attempts: number; error: string; rowsWritten: number },
  ) => Promise<void>;
};

/**
 * Does the work and records its success in the ledger. It is retried when it throws. It may throw to end early once the
 * signal is aborted, on shutdown or when the lease is lost.
 * @throws {LeaseLost} if another worker took over the lease
 * @throws {RunFailed} if a retry would not help
 */
export type Work<Outcome> = (
  day: Day,
  run: { readonly leaseId: string; readonly runId: string; readonly attempts: number; readonly signal: AbortSignal },
) => Promise<Outcome>;

export class LeaseLost extends Error {
  constructor() {
    super('the lease was lost: another worker took over the day');
    this.name = 'LeaseLost';
  }

  /** The message is our own and quotes no user text, so it may be logged. */
  get safeMessage(): string {
    return this.message;
  }
}

export class RunFailed extends Error {
  /** Rows written before the failure. */
  readonly rowsWritten: number;
  constructor(reason: string, rowsWritten = 0) {
    super(reason);
    this.name = 'RunFailed';
    this.rowsWritten = rowsWritten;
  }

  /** The message is our own and quotes no user text, so it may be logged. */
  get safeMessage(): string {
    return this.message;
  }
}

export type RunResult<Outcome> =
  | { readonly day: Day; readonly state: 'succeeded'; readonly attempts: number; readonly outcome: Outcome }
  /** Another worker is running the day, or has just finished it. */
  | { readonly day: Day; readonly state: 'elsewhere' }
  | { readonly day: Day; readonly state: 'failed'; readonly attempts: number; readonly error: string }
  /** Stopped by the signal; the lease was released. */
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
  /** A third of the lease's duration tolerates two failed renewals. */
  renewEveryMs: number;
  /** Describes an error in one line without user text; the result is stored and logged. */
  describe: (error: unknown) => string;
}): LeasedRun<Outcome> {
  return async (day, { runId, since, signal }) => {
    let leaseId: string | null = null;
    let attempts = 0;
    let renewal: NodeJS.Timeout | undefined;
    let current: Promise<RunResult<Outcome>> | undefined;
    const lost = new AbortController();
    const ending = AbortSignal.any([signal, lost.signal]);

    async function attempt(): Promise<RunResult<Outcome>> {
      attempts += 1;
      leaseId ??= await ledger.acquireLease({ runId, day, since });
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
      // A failed renewal does not fail the run: the next one, or the end of the work, detects a lost lease.
      const holds = await ledger.renewLease(held).catch(() => true);
      if (!holds) lost.abort(new LeaseLost());
    }

    try {
      const again = () => {
        current = attempt();
        return current;
      };
      return await pRetry(again, { ...retry, signal });
    } catch (error) {
      if (error instanceof LeaseLost) return { day, state: 'elsewhere' };
      if (signal.aborted) {
        // The signal ends the pause between attempts at once, but a running attempt is finished.
        const finished = await current?.catch(() => undefined);
        if (finished !== undefined) return finished;
        if (leaseId !== null) await ledger.releaseLease(leaseId).catch(ignoreUnavailable);
        return { day, state: 'stopped' };
      }
      const failure = { attempts, error: describe(error) };
      const rowsWritten = error instanceof RunFailed ? error.rowsWritten : 0;
      if (leaseId !== null) await ledger.failRun(leaseId, { ...failure, rowsWritten }).catch(ignoreUnavailable);
      return { day, state: 'failed', ...failure };
    } finally {
      clearInterval(renewal);
    }
  };
}

/** The database is unavailable: the lease expires, and the worker that takes it over marks this run as failed. */
function ignoreUnavailable(): void {}
