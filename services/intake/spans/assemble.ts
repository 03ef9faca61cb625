/** Assembles the turns of a trace from its spans and log events. */
import type { ExternalCall, ExternalTurn } from '../external-turn.ts';
import { type LeafCall, leafCalls } from './leaf-calls.ts';
import { lengthLimitOf } from './length-limit.ts';
import { lastText } from './messages.ts';
import { isComposed, questionOfPrompt } from './question.ts';
import { withLogs } from './read-span.ts';
import { retrievalOf } from './retrieval.ts';
import type { LogEvent, Span } from './span.ts';
import { type AiNode, isAi, type Node, treeOf } from './tree.ts';
import { aiNodesOf, type Cluster, clustersOf } from './turn-clusters.ts';

export type AssembledTurn = {
  readonly turn: ExternalTurn;
  /** Of all spans that it was assembled from. */
  readonly spanIds: readonly string[];
  /** Parents of its topmost spans that have not arrived. A span with such an id is late, not a turn of its own. */
  readonly openParents: readonly string[];
};

/**
 * @param service the service of the key that the spans arrived with
 * @param spans of one trace, or of the traces that one run of agento11y wrote
 */
export function assembleTurns(
  service: string,
  spans: readonly Span[],
  logs: readonly LogEvent[] = [],
): readonly AssembledTurn[] {
  const bySpan = Map.groupBy(logs, ({ traceId, spanId }) => `${traceId}:${spanId}`);
  const complete = spans.map((span) => withLogs(span, bySpan.get(`${span.traceId}:${span.spanId}`) ?? []));
  const nodes = treeOf(complete);
  const limit = lengthLimitOf(spans);
  return clustersOf(nodes).map((cluster) => assemble(service, cluster, limit));
}

function assemble(service: string, cluster: Cluster, limit: number | null): AssembledTurn {
  const nodes = aiNodesOf([...cluster.tops, ...cluster.others]);
  const inner = aiNodesOf(cluster.tops);
  const calls = leafCalls(nodes);
  const retrieval = retrievalOf(nodes);
  const answerCall = calls.findLast(({ reading }) => reading.answer) ?? calls.at(-1);
  const holder = holderOf(inner);
  const root = holder ?? outermostOf(cluster.tops, answerCall);
  const error = errorOf(cluster.tops, nodes, calls);
  const answer =
    error === null
      ? (own(nodes, 'answer') ?? root.reading.answer ?? answerCall?.reading.answer ?? innerAnswer(inner))
      : null;
  const startMs = Math.min(
    root.span.startMs,
    ...cluster.others.map(({ span }) => span.startMs),
    ...cluster.tops.map(({ span }) => span.startMs),
  );
  const endMs = endOf(root, answerCall, cluster);
  const first = <K extends 'user' | 'session' | 'tenant' | 'release' | 'outcome' | 'feedback'>(field: K) =>
    nodes.find(({ reading }) => reading[field] !== undefined && reading[field] !== null)?.reading[field] ?? null;
  const turn: ExternalTurn = {
    service,
    id: null,
    traceId: topOf(cluster).span.traceId,
    rootSpanId: topOf(cluster).span.spanId,
    askedAt: new Date(startMs),
    question: questionOf(inner, root, retrieval.query, calls),
    answer,
    error,
    documents: retrieval.documents,
    calls: callsOf(calls, nodes),
    latencyMs: Math.max(0, endMs - startMs),
    firstTokenMs: firstTokenOf(answerCall, startMs),
    user: first('user'),
    session: first('session'),
    tenant: first('tenant'),
    release:
      first('release') ?? nodes.find(({ span }) => span.resource.release !== null)?.span.resource.release ?? null,
    // An answer that did not arrive is unknown, which is not "no answer".
    outcome: first('outcome') ?? (answer === null && error === null ? 'answered' : null),
    finishReason: answerCall?.reading.finishReason ?? null,
    feedback: first('feedback'),
    dropped: droppedOf(retrieval, answer, error === null, limit),
    dialect: root.reading.dialect,
  };
  return {
    turn,
    spanIds: nodes.map(({ span }) => span.spanId),
    openParents: [...cluster.tops, ...cluster.others].flatMap(openParent),
  };
}

/** The outermost span that holds both question and answer. Dify's root lasts no time, so it is not the one to measure. */
function holderOf(nodes: readonly AiNode[]): AiNode | undefined {
  const holders = nodes.filter(
    ({ reading }) => (reading.kind === 'step' || reading.kind === 'agent') && reading.question && reading.answer,
  );
  return holders.find(({ parent }) => parent === null || !isAi(parent)) ?? undefined;
}

/** Of several topmost spans the one that leads to the answer. */
function outermostOf(tops: readonly AiNode[], answerCall: LeafCall | undefined): AiNode {
  let node: Node | null = answerCall?.node ?? null;
  for (; node !== null; node = node.parent) if (tops.includes(node as AiNode)) return node as AiNode;
  return tops.at(-1) as AiNode;
}

/** The first topmost span, which keys the row: it is the same however the spans arrived. */
function topOf({ tops }: Cluster): AiNode {
  return tops[0] as AiNode;
}

/** What an application says in attributes of ours wins, wherever it stands. */
function own(nodes: readonly AiNode[], field: 'question' | 'answer'): string | null {
  return (
    nodes.find(({ span, reading }) => span.attributes[`rag.${field}`] !== undefined && reading[field])?.reading[
      field
    ] ?? null
  );
}

function questionOf(
  nodes: readonly AiNode[],
  root: AiNode,
  query: string | null,
  calls: readonly LeafCall[],
): string | null {
  const said = own(nodes, 'question') ?? root.reading.question;
  if (said) return said;
  const ofAgents = nodes
    .filter(({ reading }) => reading.kind === 'agent' || reading.kind === 'step')
    .map(({ reading }) => reading.question ?? lastText(reading.messages ?? [], 'user'));
  const typed = ofAgents.find((text) => text && !isComposed(text));
  // A framework's inner steps repeat the question; a rendered prompt of an outer one is the last resort.
  if (typed && (query === null || !isComposed(typed))) return typed;
  const ofPrompts = calls.map(({ reading }) => reading.query ?? lastText(reading.messages ?? [], 'user'));
  const variable = calls.map(({ reading }) => reading.query).find(Boolean);
  if (variable) return variable;
  if (query !== null) return query;
  const prompt = ofPrompts.findLast(Boolean) ?? ofAgents.find(Boolean);
  return prompt ? questionOfPrompt(prompt) : null;
}

function innerAnswer(nodes: readonly AiNode[]): string | null {
  const steps = nodes.filter(({ reading }) => (reading.kind === 'step' || reading.kind === 'agent') && reading.answer);
  return steps.sort((a, b) => b.span.endMs - a.span.endMs)[0]?.reading.answer ?? null;
}

/** A failed inner call that the application survived is no failure. */
function errorOf(tops: readonly AiNode[], nodes: readonly AiNode[], calls: readonly LeafCall[]): ExternalTurn['error'] {
  const failedTop = tops.at(-1)?.reading.failed === true;
  const answered = nodes.some(({ reading }) => reading.answer && reading.kind !== 'tool');
  const failed = nodes.filter(({ reading }) => reading.failed === true);
  if (failed.length === 0 || !(failedTop || (!answered && failed.length > 0))) return null;
  // The innermost failure is the cause of the others.
  const cause = failed.findLast((node) => !node.children.some((child) => child.reading?.failed === true)) ?? failed[0];
  const searches =
    cause?.reading.kind === 'retriever' || cause?.reading.kind === 'embedding' || cause?.reading.kind === 'reranker';
  const ofCall = calls.find(({ node }) => node === cause)?.reading.errorType;
  const type =
    ofCall ?? cause?.reading.errorType ?? failed.map(({ reading }) => reading.errorType).find(Boolean) ?? null;
  return { stage: searches ? 'retrieve' : 'generate', type };
}

/** An agent that reports tokens without a call of its own is one call. */
function callsOf(calls: readonly LeafCall[], nodes: readonly AiNode[]): readonly ExternalCall[] {
  const readings =
    calls.length > 0
      ? calls.map(({ reading }) => reading)
      : nodes
          .map(({ reading }) => reading)
          .filter(({ usage }) => usage)
          .slice(-1);
  return readings.map(({ model, usage, temperature }) => ({
    model: model ?? null,
    usage: usage ?? null,
    temperature: temperature ?? null,
  }));
}

function endOf(root: AiNode, answerCall: LeafCall | undefined, { tops }: Cluster): number {
  const end = Math.max(root.span.endMs, answerCall?.endMs ?? 0);
  return end > root.span.startMs ? end : Math.max(...tops.map(({ span }) => span.endMs));
}

function firstTokenOf(call: LeafCall | undefined, startMs: number): number | null {
  const own = call?.reading.firstTokenMs ?? null;
  return call === undefined || own === null ? null : Math.max(0, call.startMs - startMs + own);
}

function droppedOf(
  retrieval: ReturnType<typeof retrievalOf>,
  answer: string | null,
  answered: boolean,
  limit: number | null,
): readonly (keyof ExternalTurn)[] {
  const dropped: (keyof ExternalTurn)[] = [];
  if (retrieval.dropped || (limit !== null && retrieval.documents?.some(({ text }) => (text?.length ?? 0) >= limit))) {
    dropped.push('documents');
  }
  const cut = limit !== null && (answer?.length ?? 0) >= limit;
  if (cut || (answered && answer === null)) dropped.push('answer');
  return dropped;
}

function openParent({ span, parent }: AiNode): readonly string[] {
  return parent === null && span.parentSpanId !== null ? [span.parentSpanId] : [];
}
