/** Keeps what Prometheus told last, so that nobody who asks is held up by one that is slow or away. */
import type { PrometheusStatus, ReadPrometheusStatus } from '../../slo/slo-status.ts';

/** Told again without asking, so that many who look cost one question. Milliseconds. */
const freshMs = 5_000;
/** Told while Prometheus is slow, with its own time; what is older is not told. Milliseconds. */
const usableMs = 60_000;

/**
 * @param read asks Prometheus; it has to give up by itself
 * @param clock milliseconds, monotonic
 * @param onAway told once of each outage
 */
export function keepWatched({
  read,
  clock,
  now,
  onAway,
}: {
  read: () => Promise<PrometheusStatus>;
  clock: () => number;
  now: () => Date;
  onAway: (error: unknown) => void;
}): ReadPrometheusStatus {
  let last: { readonly watched: PrometheusStatus; readonly at: number } | null = null;
  let asking: Promise<PrometheusStatus> | null = null;

  async function ask(): Promise<PrometheusStatus> {
    const watched = await read().catch((error: unknown): PrometheusStatus => {
      if (last?.watched.state !== 'unreachable') onAway(error);
      return { state: 'unreachable', asOf: now().toISOString() };
    });
    last = { watched, at: clock() };
    asking = null;
    return watched;
  }

  return async (patienceMs) => {
    const age = last === null ? Number.POSITIVE_INFINITY : clock() - last.at;
    if (last !== null && age < freshMs) return last.watched;
    asking ??= ask();
    // One that did not answer the last time is not waited for.
    if (last?.watched.state === 'unreachable' && age < usableMs) return last.watched;
    const old: PrometheusStatus = last !== null && age < usableMs ? last.watched : { state: 'waiting' };
    return withPatience(asking, patienceMs, old);
  };
}

/** Whatever comes first: the answer, or the end of patience. */
async function withPatience<T>(answer: Promise<T>, patienceMs: number, otherwise: T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(resolve, patienceMs, otherwise);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
