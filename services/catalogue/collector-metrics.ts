/** Metrics of the OpenTelemetry Collector that rules and dashboards read. collector/config.yaml defines their names. */
import { answerSeconds } from './bounds.ts';
import type { Metric } from './metric.ts';

const exporter = { exporter: 'open' } as const;
const receiver = { receiver: 'open', transport: 'open' } as const;

/** The Collector's own metrics, on COLLECTOR_METRICS_PORT. A failure counter appears with the first failure: absent means none. */
export const collectorOwnMetrics = {
  queueSize: {
    name: 'otelcol_exporter_queue_size',
    kind: 'gauge',
    unit: '{item}',
    help: 'Spans or log records queued on disk for Tempo or Loki.',
    labels: { ...exporter, data_type: ['traces', 'logs'] },
  },
  queueCapacity: {
    name: 'otelcol_exporter_queue_capacity',
    kind: 'gauge',
    unit: '{item}',
    help: 'Capacity of the queue in spans or log records.',
    labels: { ...exporter, data_type: ['traces', 'logs'] },
  },
  sentSpans: {
    name: 'otelcol_exporter_sent_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans delivered to Tempo.',
    labels: exporter,
  },
  sentLogRecords: {
    name: 'otelcol_exporter_sent_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records delivered to Loki.',
    labels: exporter,
  },
  spansNotSent: {
    name: 'otelcol_exporter_send_failed_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans dropped because Tempo rejected them permanently.',
    labels: exporter,
  },
  logRecordsNotSent: {
    name: 'otelcol_exporter_send_failed_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records dropped because Loki rejected them permanently.',
    labels: exporter,
  },
  spansNotQueued: {
    name: 'otelcol_exporter_enqueue_failed_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans dropped because the queue was full or the disk failed.',
    labels: exporter,
  },
  logRecordsNotQueued: {
    name: 'otelcol_exporter_enqueue_failed_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records dropped because the queue was full or the disk failed.',
    labels: exporter,
  },
  acceptedSpans: {
    name: 'otelcol_receiver_accepted_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans received.',
    labels: receiver,
  },
  acceptedLogRecords: {
    name: 'otelcol_receiver_accepted_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records received.',
    labels: receiver,
  },
  refusedSpans: {
    name: 'otelcol_receiver_refused_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans rejected because memory was low or the queue was full. The sender retries for a few seconds.',
    labels: receiver,
  },
  refusedLogRecords: {
    name: 'otelcol_receiver_refused_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records rejected because memory was low or the queue was full. The sender retries for a few seconds.',
    labels: receiver,
  },
  memory: {
    name: 'otelcol_process_memory_rss_bytes',
    kind: 'gauge',
    unit: 'By',
    help: 'Resident memory of the Collector.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;

const labels = {
  service_name: 'open',
  span_name: 'open',
  span_kind: 'open',
  status_code: ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'],
  gen_ai_operation_name: 'open',
  rag_outcome: 'open',
} as const;

/** Derived from spans, on COLLECTOR_SPAN_METRICS_PORT, with exemplars. For dashboards only: spans can be lost, so no objective reads them. */
export const spanMetrics = {
  calls: {
    name: 'traces_span_metrics_calls_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Number of spans.',
    labels,
  },
  duration: {
    name: 'traces_span_metrics_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Duration of spans.',
    labels,
    bounds: answerSeconds,
  },
} as const satisfies Record<string, Metric>;
