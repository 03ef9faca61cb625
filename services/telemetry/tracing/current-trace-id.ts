/** The trace id of the running code. */
import { isSpanContextValid, trace } from '@opentelemetry/api';

/** W3C trace id, 32 hexadecimal digits; null outside a trace. */
export function currentTraceId(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? span.traceId : null;
}
