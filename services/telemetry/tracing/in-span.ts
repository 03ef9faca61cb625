/** Runs work inside an active span and records a failure on the span: its code, never its message. */
import {
  type Attributes,
  type Context,
  context,
  type Link,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type FailureCode, ServiceFailure } from '../../failure/service-failure.ts';
import { errorType } from './genai-names.ts';

const tracer = trace.getTracer('rag-observatory');

export type SpanStart = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
  /** The parent context; default: the active span. */
  readonly parent?: Context;
};

/**
 * @param signal aborted when the client disconnects; null: no client waits
 * @param ended called with the failure code; null: success
 */
export function inSpan<T>(
  { name, kind, attributes = {}, links = [], parent = context.active() }: SpanStart,
  signal: AbortSignal | null,
  work: (span: Span) => Promise<T>,
  ended: (failure: FailureCode | null) => void = () => {},
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes, links }, parent, async (span) => {
    try {
      const result = await work(span);
      ended(null);
      return result;
    } catch (error) {
      const code = codeOf(error, signal);
      span.setAttribute(errorType, code);
      // A client that disconnects is not our error. The error's message may contain user text, so only the code is recorded.
      if (code !== 'cancelled') span.setStatus({ code: SpanStatusCode.ERROR });
      ended(code);
      throw error;
    } finally {
      span.end();
    }
  });
}

export function codeOf(error: unknown, signal: AbortSignal | null): FailureCode {
  if (signal?.aborted) return 'cancelled';
  return error instanceof ServiceFailure ? error.code : 'internal';
}
