/** Names the group of spans that are assembled together: a trace, or the traces of one run of agento11y. */
import type { Attributes } from './span.ts';
import { firstName } from './values.ts';

/** agento11y gives every step a trace of its own, so its steps are joined by their conversation and then by their runs. */
export function groupOf({
  traceId,
  attributes,
}: {
  readonly traceId: string;
  readonly attributes: Attributes;
}): string {
  const run = firstName(attributes, ['agento11y.framework.run_id', 'sigil.framework.run_id']);
  const conversation = firstName(attributes, ['gen_ai.conversation.id']);
  return run !== null && conversation !== null ? `conversation:${conversation}` : traceId;
}
