/** Reads error budgets and alerts from Prometheus for the metrics page, where PROMETHEUS_URL is set. */
import { describeError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import type { ReadPrometheusStatus } from '../slo/slo-status.ts';
import { cachePrometheusStatus } from '../telemetry/prometheus/cached-prometheus-status.ts';
import type { OwnLabels } from '../telemetry/prometheus/own-series.ts';
import { readPrometheusStatus } from '../telemetry/prometheus/prometheus-status.ts';
import { createQueryPrometheus } from '../telemetry/prometheus/query-prometheus.ts';

/** For one read: a healthy Prometheus answers these small queries much faster. */
const timeoutMs = 5_000;

type Options = {
  /** Undefined: not configured. */
  readonly url: string | undefined;
  /** Of the deployment's own series. */
  readonly labels: OwnLabels;
  readonly clock: () => number;
  readonly now: () => Date;
  readonly log: Log;
};

/** `close` aborts the queries in flight. */
export function createPrometheusStatus({ url, labels, clock, now, log }: Options): {
  readonly read: ReadPrometheusStatus;
  readonly close: () => void;
} {
  if (url === undefined) return { read: async () => ({ state: 'not_connected' }), close: () => {} };
  const closing = new AbortController();
  const read = cachePrometheusStatus({
    read: () => {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
      return readPrometheusStatus(createQueryPrometheus(url, signal), now(), labels);
    },
    clock,
    now,
    onUnreachable: (error) =>
      log.warn(describeError(error), 'Prometheus query failed: the metrics page shows no error budgets and alerts'),
  });
  return { read, close: () => closing.abort() };
}
