/** Counts spans of other applications and what comes of them. */
import { metrics } from '../../catalogue/metrics.ts';
import { counter, observed } from './instruments.ts';

export type SpanState = (typeof metrics.spans.labels.state)[number];
export type TraceState = (typeof metrics.traces.labels.state)[number];

const spans = counter(metrics.spans);
const traces = counter(metrics.traces);

/** All states of a service begin at 0, so that the first increase is seen. */
const started = new Set<string>();

export function measureSpans(service: string, state: SpanState, count: number): void {
  startAtZero(service);
  if (count > 0) spans.add(count, { service, state });
}

export function measureTrace(service: string, state: TraceState): void {
  startAtZero(service);
  traces.add(1, { service, state });
}

let pending = 0;

/** @param count of the last round */
export function measurePendingSpans(count: number): void {
  pending = count;
}

/** The built-in service sends no spans; its zeros show that a server is scraped before an application sends. */
export function startSpansAtZero(): void {
  observed(metrics.spansPending, () => pending);
  startAtZero('rag-chat');
}

function startAtZero(service: string): void {
  if (started.has(service)) return;
  started.add(service);
  for (const state of metrics.spans.labels.state) spans.add(0, { service, state });
  for (const state of metrics.traces.labels.state) traces.add(0, { service, state });
}
