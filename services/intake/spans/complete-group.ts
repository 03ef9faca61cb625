/** Decides whether the spans of a group are complete, and which of their turns are new. */
import { type AssembledTurn, assembleTurns } from './assemble.ts';
import type { PendingContent } from './pending.ts';
import type { LogEvent, Span } from './span.ts';

export type PendingGroup = {
  readonly service: string;
  readonly contents: readonly PendingContent[];
  /** Milliseconds since its first and its last part arrived. */
  readonly ageMs: number;
  readonly quietMs: number;
};

/** A turn of the group that was assembled before. */
export type KnownTurn = {
  readonly traceId: string;
  readonly rootSpanId: string;
  readonly spanIds: readonly string[];
  readonly openParents: readonly string[];
};

export type Completion =
  /** For `forMs`, unless more parts arrive. */
  | { readonly state: 'waiting'; readonly forMs: number }
  /** `late`: there are spans of turns that were assembled before. */
  | {
      readonly state: 'complete';
      readonly turns: readonly AssembledTurn[];
      readonly late: boolean;
      readonly repeated: number;
    }
  /** No turn came of the spans in time. */
  | { readonly state: 'expired' };

/** The longest that a span waits. Milliseconds. */
export const longestWaitMs = 300_000;
/** A trace whose parent span is still missing is likely to be running: it waits so many times longer. */
const longerWait = 3;

/** @param quietMs how long a group has to be quiet */
export function completeGroup(group: PendingGroup, known: readonly KnownTurn[], quietMs: number): Completion {
  const overdue = group.ageMs >= longestWaitMs;
  const untilOverdueMs = longestWaitMs - group.ageMs;
  const waiting = (forMs: number) => ({ state: 'waiting' as const, forMs: Math.min(forMs, untilOverdueMs) });
  if (!overdue && group.quietMs < quietMs) return waiting(quietMs - group.quietMs);
  const spans: Span[] = [];
  const logs: LogEvent[] = [];
  for (const { span, event } of group.contents) {
    if (span !== undefined) spans.push(span);
    else logs.push(event);
  }
  const assembled = assembleTurns(group.service, spans, logs);
  const repeated = assembled.filter(({ turn }) => known.some((one) => isRoot(one, turn)));
  const late = assembled.filter((one) => !repeated.includes(one) && known.some((turn) => belongsTo(one, turn)));
  const turns = assembled.filter((one) => !repeated.includes(one) && !late.includes(one));
  if (turns.length === 0) {
    // Spans without a turn wait for the others, unless their turn is there already.
    if (known.length > 0) return { state: 'complete', turns, late: repeated.length === 0, repeated: repeated.length };
    return overdue ? { state: 'expired' } : waiting(untilOverdueMs);
  }
  const runs = turns.some(({ openParents }) => openParents.length > 0) && !isRemote(spans, turns);
  if (runs && !overdue && group.quietMs < quietMs * longerWait) return waiting(quietMs * longerWait - group.quietMs);
  return { state: 'complete', turns, late: late.length > 0, repeated: repeated.length };
}

function isRoot({ traceId, rootSpanId }: KnownTurn, turn: AssembledTurn['turn']): boolean {
  return turn.traceId === traceId && turn.rootSpanId === rootSpanId;
}

/** Whether spans are the rest of a turn: its missing parent, or children and siblings that came later. */
function belongsTo({ spanIds, openParents }: AssembledTurn, known: KnownTurn): boolean {
  const before = new Set([...known.spanIds, ...known.openParents]);
  return spanIds.some((id) => before.has(id)) || openParents.some((id) => before.has(id));
}

/** A parent in another process may never be sent here. */
function isRemote(spans: readonly Span[], turns: readonly AssembledTurn[]): boolean {
  const open = new Set(turns.flatMap(({ openParents }) => openParents));
  return spans.every(({ parentSpanId, parentIsRemote }) => !open.has(parentSpanId ?? '') || parentIsRemote === true);
}
