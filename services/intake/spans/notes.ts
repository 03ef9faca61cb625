/** Notes what `services doctor` reports of a turn besides its fields: sampling, clock, lost attributes. Holds no text. */
import type { AssembledTurn } from './assemble.ts';
import { readSpan } from './read-span.ts';
import type { Span } from './span.ts';

export type TurnNotes = {
  readonly spans: number;
  /** Attributes and events that the SDK left out of the turn's spans. */
  readonly droppedAttributes: number;
  /** Probability by which the SDK samples, 0 to 1; null where the spans do not say so. */
  readonly sampling: number | null;
  /** Milliseconds by which the application's clock is ahead of ours (positive) or the turn arrived late (negative). */
  readonly skewMs: number;
  /** Dialects in which the spans are written, without the generic one. */
  readonly dialects: readonly string[];
  /** Whether another instrumentation reports the same turn. */
  readonly duplicate: boolean;
};

/** @param receivedMs when the last span arrived, in Unix milliseconds */
export function notesOf(
  { spanIds }: AssembledTurn,
  spans: readonly Span[],
  receivedMs: number,
  duplicate: boolean,
): TurnNotes {
  const own = new Set(spanIds);
  const used = spans.filter(({ spanId }) => own.has(spanId));
  const dialects = new Set(
    used.map((span) => readSpan(span)?.dialect).filter((name) => name !== undefined && name !== 'generic'),
  );
  return {
    spans: used.length,
    droppedAttributes: used.reduce((sum, { dropped }) => sum + dropped, 0),
    sampling: used.map(({ traceState }) => samplingOf(traceState)).find((rate) => rate !== null) ?? null,
    skewMs: Math.round(Math.max(...used.map(({ endMs }) => endMs)) - receivedMs),
    dialects: [...dialects],
    duplicate,
  };
}

/** OpenTelemetry's tracestate holds the threshold of a probability sampler: `ot=th:c` rejects the first 0xc of 0x10. */
function samplingOf(traceState: string): number | null {
  const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:;|,|$)/.exec(traceState)?.[1];
  if (threshold === undefined) return null;
  return 1 - Number.parseInt(threshold.padEnd(14, '0'), 16) / 16 ** 14;
}
