/** Runs the checks of what the service depends on, each within a time limit, and keeps their results. */
import pTimeout from 'p-timeout';
import type { Check, CheckedResult } from '../../failure/check.ts';

/** A local model may need some seconds to load. */
const timeoutMs = 10_000;
const repeatAfterMs = 60_000;

/** All at once; the results are in the order of the checks. */
export function runChecks(checks: readonly Check[]): Promise<readonly CheckedResult[]> {
  return Promise.all(checks.map(runCheck));
}

async function runCheck({ name, run }: Check): Promise<CheckedResult> {
  const late: CheckedResult = {
    name,
    state: 'failed',
    detail: `no result within ${timeoutMs / 1_000} s`,
    fix: 'check the address and the network',
  };
  try {
    // The signal ends what the check waits for; the limit behind it is for checks that do not heed it.
    const result = run(AbortSignal.timeout(timeoutMs)).then((checked) => ({ name, ...checked }));
    return await pTimeout(result, { milliseconds: timeoutMs + 1_000, fallback: () => late });
  } catch {
    return { name, state: 'failed', detail: 'the check itself failed', fix: 'see the log' };
  }
}

export type KeptChecks = { readonly read: () => Promise<readonly CheckedResult[]> };

/**
 * The first reader starts the checks. Later readers get the last results; results older than a minute are renewed for the next
 * reader, so that requests cannot make the service ask others more often.
 * @param clock milliseconds, monotonic
 */
export function keepChecks(checks: readonly Check[], clock: () => number): KeptChecks {
  let last: Promise<readonly CheckedResult[]> | null = null;
  /** Null while checks run. */
  let finishedAt: number | null = null;

  function start(): Promise<readonly CheckedResult[]> {
    finishedAt = null;
    const results = runChecks(checks);
    results.then(() => {
      last = results;
      finishedAt = clock();
    });
    return results;
  }
  return {
    read: () => {
      if (last === null) last = start();
      else if (finishedAt !== null && clock() - finishedAt > repeatAfterMs) start();
      return last;
    },
  };
}

/** One line per check, as `cli -- verify` prints its own. */
export function checkLine(checked: CheckedResult): string {
  const line = `${checked.state.padEnd(6)}  ${checked.name}: ${checked.detail}`;
  return checked.state === 'failed' ? `${line}. Fix: ${checked.fix}.` : line;
}
