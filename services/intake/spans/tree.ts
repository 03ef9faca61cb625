/** Links the spans of a trace to a tree. Spans without AI attributes stay in it, so that the others keep their ancestors. */
import { type AiReading, readSpan } from './read-span.ts';
import type { Span } from './span.ts';

export type Node = {
  readonly span: Span;
  /** Null: not a span of an AI application. */
  readonly reading: AiReading | null;
  parent: Node | null;
  readonly children: Node[];
};

export type AiNode = Node & { readonly reading: AiReading };

export function isAi(node: Node): node is AiNode {
  return node.reading !== null;
}

/** All nodes in order of their start. A repeated span is taken once, and a span that is its own ancestor loses its parent. */
export function treeOf(spans: readonly Span[]): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const span of spans) {
    const key = keyOf(span.traceId, span.spanId);
    if (!nodes.has(key)) nodes.set(key, { span, reading: readSpan(span), parent: null, children: [] });
  }
  const runs = new Map<string, Node>();
  for (const node of nodes.values()) {
    const run = node.reading?.run;
    if (run !== null && run !== undefined && !runs.has(run)) runs.set(run, node);
  }
  for (const node of nodes.values()) node.parent = parentOf(node, nodes, runs);
  for (const node of nodes.values()) cutCycle(node);
  const ordered = [...nodes.values()].sort(byStart);
  for (const node of ordered) node.parent?.children.push(node);
  return ordered;
}

/** Also for spans of one moment, so that the turn does not depend on the order in which its spans arrived. */
function byStart(one: Node, other: Node): number {
  const order = one.span.startMs - other.span.startMs || other.span.endMs - one.span.endMs;
  return order || (one.span.spanId < other.span.spanId ? -1 : 1);
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}:${spanId}`;
}

function parentOf(
  { span, reading }: Node,
  nodes: ReadonlyMap<string, Node>,
  runs: ReadonlyMap<string, Node>,
): Node | null {
  const parent = span.parentSpanId === null ? undefined : nodes.get(keyOf(span.traceId, span.parentSpanId));
  const run = reading?.parentRun;
  return parent ?? (run === null || run === undefined ? null : (runs.get(run) ?? null));
}

/** Only hostile or broken senders write cycles. */
function cutCycle(node: Node): void {
  const seen = new Set<Node>([node]);
  let current = node.parent;
  while (current !== null) {
    if (current === node) {
      node.parent = null;
      return;
    }
    if (seen.has(current)) return;
    seen.add(current);
    current = current.parent;
  }
}

/** The nodes of a subtree that pass, in breadth-first order: outer spans come before inner ones. */
export function below(root: Node, enter: (node: Node) => boolean = () => true): readonly Node[] {
  const found: Node[] = [root];
  for (let index = 0; index < found.length; index += 1) {
    for (const child of found[index]?.children ?? []) if (enter(child)) found.push(child);
  }
  return found;
}

export function ancestorsOf(node: Node): readonly Node[] {
  const ancestors: Node[] = [];
  for (let current = node.parent; current !== null; current = current.parent) ancestors.push(current);
  return ancestors;
}
