/** Wraps the commit of a group of turns in a span that belongs to all of them, not only to the request that triggered it. */
import { ROOT_CONTEXT, type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api';
import type { AnsweredTurn } from '../chat/turn.ts';
import { rag } from './tracing/genai-names.ts';
import { inSpan } from './tracing/in-span.ts';

type Insert = (turns: readonly AnsweredTurn[]) => Promise<void>;

/** The span in which each turn waits for its commit. */
const waiting = new WeakMap<AnsweredTurn, SpanContext>();

export function commitsIn(span: Span, turn: AnsweredTurn): void {
  waiting.set(turn, span.spanContext());
}

/** A single turn is committed inside its own trace, a group in a new trace with a link to each turn's trace. */
export function observeCommit(insert: Insert): Insert {
  return (turns) => {
    const spans = turns.map((turn) => waiting.get(turn)).filter((span) => span !== undefined);
    const [first] = spans;
    const alone = turns.length === 1 && first !== undefined;
    return inSpan(
      {
        name: 'commit',
        kind: SpanKind.INTERNAL,
        attributes: { [rag.records]: turns.length },
        links: alone ? [] : spans.map((context) => ({ context })),
        parent: alone ? trace.setSpanContext(ROOT_CONTEXT, first) : ROOT_CONTEXT,
      },
      null,
      () => insert(turns),
    );
  };
}
