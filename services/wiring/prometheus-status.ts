/** Ties what the page tells of error budgets and alerts to Prometheus, where one is named. */
import { describeError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import type { ReadPrometheusStatus } from '../slo/slo-status.ts';
import { keepWatched } from '../telemetry/prometheus/cached-prometheus-status.ts';
import { readWatched } from '../telemetry/prometheus/prometheus-status.ts';
import { createQueryPrometheus } from '../telemetry/prometheus/query-prometheus.ts';

/** Of one reading. A Prometheus that needs longer for a few small queries is in trouble itself. */
const timeoutMs = 5_000;

type Given = {
  /** Undefined: there is none. */
  readonly url: string | undefined;
  readonly clock: () => number;
  readonly now: () => Date;
  readonly log: Log;
};

/** `close` ends what is being asked. */
export function wireWatched({ url, clock, now, log }: Given): {
  readonly read: ReadPrometheusStatus;
  readonly close: () => void;
} {
  if (url === undefined) return { read: async () => ({ state: 'not_connected' }), close: () => {} };
  const closing = new AbortController();
  const read = keepWatched({
    read: () => {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
      return readWatched(createQueryPrometheus(url, signal), now());
    },
    clock,
    now,
    onAway: (error) => log.warn(describeError(error), 'Prometheus tells the page nothing of budgets and alerts'),
  });
  return { read, close: () => closing.abort() };
}
