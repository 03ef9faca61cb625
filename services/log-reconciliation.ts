/** Says in the worker's log how a day of Prometheus and of the database differed. */
import type { Log } from './log.ts';
import type { RunResult } from './rollup/leased-run.ts';
import { differences, type Reconciliation } from './rollup/reconciliation.ts';

export function logReconciliation(log: Log, result: RunResult<Reconciliation>): void {
  const { day } = result;
  if (result.state === 'failed') {
    log.error({ day, reason: result.error }, 'a day could not be compared with Prometheus');
  }
  if (result.state !== 'succeeded') return;
  const { outcome } = result;
  const { stored, erasedAnswers, unwatchedSeconds } = outcome;
  log.info(
    { day, stored, differences: differences(outcome), erasedAnswers, unwatchedSeconds },
    outcome.counted === null ? 'Prometheus did not watch the day' : 'a day was compared with Prometheus',
  );
}
