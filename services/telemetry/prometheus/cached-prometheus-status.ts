/** Caches the Prometheus status, so that a slow or unreachable Prometheus delays no page. */
import pTimeout from 'p-timeout';
import type { PrometheusStatus, ReadPrometheusStatus } from '../../slo/slo-status.ts';

/** Returned from the cache without a new query. Milliseconds. */
const freshMs = 5_000;
/** Returned from the cache, with its own time, while Prometheus is slow. Milliseconds. */
const usableMs = 60_000;

/**
 * @param read queries Prometheus, with its own timeout
 * @param clock milliseconds, monotonic
 * @param onUnreachable called once per outage
 */
export function cachePrometheusStatus({
  read,
  clock,
  now,
  onUnreachable,
}: {
  read: () => Promise<PrometheusStatus>;
  clock: () => number;
  now: () => Date;
  onUnreachable: (error: unknown) => void;
}): ReadPrometheusStatus {
  let last: { readonly status: PrometheusStatus; readonly at: number } | null = null;
  let pending: Promise<PrometheusStatus> | null = null;

  async function query(): Promise<PrometheusStatus> {
    const status = await read().catch((error: unknown): PrometheusStatus => {
      if (last?.status.state !== 'unreachable') onUnreachable(error);
      return { state: 'unreachable', asOf: now().toISOString() };
    });
    last = { status, at: clock() };
    pending = null;
    return status;
  }

  return async (timeoutMs) => {
    const age = last === null ? Number.POSITIVE_INFINITY : clock() - last.at;
    if (last !== null && age < freshMs) return last.status;
    pending ??= query();
    // After a failed query the next one runs in the background.
    if (last?.status.state === 'unreachable' && age < usableMs) return last.status;
    const fallback: PrometheusStatus = last !== null && age < usableMs ? last.status : { state: 'waiting' };
    return pTimeout(pending, { milliseconds: timeoutMs, fallback: () => fallback });
  };
}
