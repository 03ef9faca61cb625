/** Metrics of the OpenTelemetry Collector that rules and boards read; collector/config.yaml chooses how they are spelled. */
import { answerSeconds } from './bounds.ts';
import type { Metric } from './metric.ts';

const exporter = { exporter: 'open' } as const;
const receiver = { receiver: 'open', transport: 'open' } as const;

/** Of itself, on COLLECTOR_METRICS_PORT. A counter of failures appears with the first failure: absent means none. */
export const collectorOwnMetrics = {
  queueSize: {
    name: 'otelcol_exporter_queue_size',
    kind: 'gauge',
    unit: '{item}',
    help: 'Spans or log records that wait on disk for Tempo or Loki.',
    labels: { ...exporter, data_type: ['traces', 'logs'] },
  },
  queueCapacity: {
    name: 'otelcol_exporter_queue_capacity',
    kind: 'gauge',
    unit: '{item}',
    help: 'Spans or log records for which the queue has room.',
    labels: { ...exporter, data_type: ['traces', 'logs'] },
  },
  sentSpans: {
    name: 'otelcol_exporter_sent_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans that Tempo has.',
    labels: exporter,
  },
  sentLogRecords: {
    name: 'otelcol_exporter_sent_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records that Loki has.',
    labels: exporter,
  },
  spansNotSent: {
    name: 'otelcol_exporter_send_failed_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans given up because Tempo refused them for good.',
    labels: exporter,
  },
  logRecordsNotSent: {
    name: 'otelcol_exporter_send_failed_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records given up because Loki refused them for good.',
    labels: exporter,
  },
  spansNotQueued: {
    name: 'otelcol_exporter_enqueue_failed_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans that found the queue full or the disk failing.',
    labels: exporter,
  },
  logRecordsNotQueued: {
    name: 'otelcol_exporter_enqueue_failed_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records that found the queue full or the disk failing.',
    labels: exporter,
  },
  acceptedSpans: {
    name: 'otelcol_receiver_accepted_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans taken in.',
    labels: receiver,
  },
  acceptedLogRecords: {
    name: 'otelcol_receiver_accepted_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records taken in.',
    labels: receiver,
  },
  refusedSpans: {
    name: 'otelcol_receiver_refused_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans sent back: memory was short or the queue full. The sender tries again for some seconds.',
    labels: receiver,
  },
  refusedLogRecords: {
    name: 'otelcol_receiver_refused_log_records_total',
    kind: 'counter',
    unit: '{record}',
    help: 'Log records sent back: memory was short or the queue full. The sender tries again for some seconds.',
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

/** Made of spans, on COLLECTOR_SPAN_METRICS_PORT, with exemplars. For boards only: spans may be lost, so no objective reads them. */
export const spanMetrics = {
  calls: {
    name: 'traces_span_metrics_calls_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans, by what they were.',
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
