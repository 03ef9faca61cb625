/** Names the group of spans that are assembled together: a trace, or the traces of one run of agento11y. */
import { agento11y } from '../dialects/agento11y.ts';
import type { Span } from './span.ts';

/** agento11y gives every step a trace of its own, so its steps are joined by their conversation and then by their runs. */
export function groupOf(span: Span): string {
  const reading = agento11y.read(span);
  const isStep = Boolean(reading?.run) && reading?.session;
  return isStep ? `conversation:${reading?.session}` : span.traceId;
}
