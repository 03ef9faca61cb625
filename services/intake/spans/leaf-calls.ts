/** Finds the model calls of a turn: the innermost ones, each once. */
import type { ExternalUsage } from '../external-turn.ts';
import type { AiReading } from './read-span.ts';
import type { AiNode, Node } from './tree.ts';

export type LeafCall = {
  readonly node: AiNode;
  /** Of the call, with what other spans of the same call add. */
  readonly reading: AiReading;
  readonly startMs: number;
  readonly endMs: number;
};

/**
 * Frameworks wrap a call in spans of their own that repeat its tokens, and two instrumentations may report one call beside
 * each other. Both are one call.
 * @param nodes all AI nodes of the turn
 */
export function leafCalls(nodes: readonly AiNode[]): readonly LeafCall[] {
  const models = nodes.filter(({ reading }) => reading.kind === 'model');
  const wraps = new Map<Node, AiNode[]>();
  for (const model of models) {
    for (let outer = model.parent; outer !== null; outer = outer.parent) {
      if (outer.reading?.kind !== 'model') continue;
      wraps.set(outer, [...(wraps.get(outer) ?? []), model]);
    }
  }
  const leaves = models
    .filter((model) => !wraps.has(model))
    .map((node) => callOf(node, wraps))
    .sort((a, b) => a.startMs - b.startMs);
  const calls: LeafCall[] = [];
  for (const leaf of leaves) {
    const same = calls.findIndex((call) => isSameCall(call, leaf));
    if (same === -1) calls.push(leaf);
    else calls[same] = joined(calls[same] ?? leaf, leaf);
  }
  return calls;
}

/** A wrapper with this one call adds what the call lacks, for example tokens that the inner instrumentation cannot see. */
function callOf(node: AiNode, wraps: ReadonlyMap<Node, readonly AiNode[]>): LeafCall {
  let { reading } = node;
  for (let outer = node.parent; outer !== null; outer = outer.parent) {
    if (outer.reading?.kind !== 'model') continue;
    const leavesBelow = (wraps.get(outer) ?? []).filter((model) => !wraps.has(model));
    if (leavesBelow.length === 1) reading = filled(reading, outer.reading);
  }
  return { node, reading, startMs: node.span.startMs, endMs: node.span.endMs };
}

function isSameCall(one: LeafCall, other: LeafCall): boolean {
  const reportedTwice =
    one.node.span.scope !== other.node.span.scope ||
    (one.reading.dialect === 'dify' && other.reading.dialect === 'dify');
  if (!reportedTwice || !overlap(one, other)) return false;
  const ids = [one.reading.responseId, other.reading.responseId];
  if (ids[0] && ids[1]) return ids[0] === ids[1];
  if (one.reading.failed && other.reading.failed) return true;
  return Boolean(one.reading.answer) && one.reading.answer?.trim() === other.reading.answer?.trim();
}

type Interval = { readonly startMs: number; readonly endMs: number };

/** Whether one interval covers most of the other. */
export function overlap(one: Interval, other: Interval): boolean {
  const shared = Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs);
  return shared >= 0.5 * Math.min(one.endMs - one.startMs, other.endMs - other.startMs);
}

function joined(one: LeafCall, other: LeafCall): LeafCall {
  const better = (other.reading.usage?.cached ?? -1) > (one.reading.usage?.cached ?? -1) ? other : one;
  const rest = better === one ? other : one;
  return {
    node: better.node,
    reading: filled(better.reading, rest.reading),
    startMs: Math.min(one.startMs, other.startMs),
    endMs: Math.max(one.endMs, other.endMs),
  };
}

function filled(one: AiReading, other: AiReading): AiReading {
  return {
    ...one,
    answer: one.answer ?? other.answer ?? null,
    messages: one.messages !== undefined && one.messages.length > 0 ? one.messages : (other.messages ?? []),
    model: one.model ?? other.model ?? null,
    usage: usageOf(one.usage, other.usage),
    temperature: one.temperature ?? other.temperature ?? null,
    finishReason: one.finishReason ?? other.finishReason ?? null,
    firstTokenMs: one.firstTokenMs ?? other.firstTokenMs ?? null,
    errorType: one.errorType ?? other.errorType ?? null,
  };
}

/** Some instrumentations of one call know the cached tokens and others do not. */
function usageOf(one: ExternalUsage | null | undefined, other: ExternalUsage | null | undefined): ExternalUsage | null {
  if (!one || !other) return one ?? other ?? null;
  const same = one.prompt === other.prompt && one.completion === other.completion;
  return same ? { ...one, cached: one.cached ?? other.cached, cacheWrite: one.cacheWrite ?? other.cacheWrite } : one;
}
