/** Runs work inside an active span, and tells on the span how the work failed: by code, never by message. */
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
import { ChatFailure, type FailureCode } from '../../chat/failure.ts';
import { errorType } from './genai-names.ts';

const tracer = trace.getTracer('rag-observatory');

export type SpanStart = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
  /** What the span is inside of; the active span where this is left out. */
  readonly parent?: Context;
};

/**
 * @param signal the asker's; null: nobody can hang up
 * @param ended told how it failed; null: it did not
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
      // A client that hangs up is no error of ours. The error's message may hold text: the code has to do.
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
  return error instanceof ChatFailure ? error.code : 'internal';
}
