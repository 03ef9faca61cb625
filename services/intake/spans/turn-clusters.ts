/** Divides the spans of a trace into turns. Most traces hold one; a batch or a conversation in one trace holds several. */
import { leafCalls, overlap } from './leaf-calls.ts';
import { lastText, type Message } from './messages.ts';
import { type AiNode, ancestorsOf, below, isAi, type Node } from './tree.ts';

export type Cluster = {
  /** The topmost AI spans of the turn, in order of their start. At least one of them calls a model or holds an answer. */
  readonly tops: readonly AiNode[];
  /** Topmost spans of retrievals and the like that belong to it. */
  readonly others: readonly AiNode[];
};

export function clustersOf(nodes: readonly Node[]): readonly Cluster[] {
  const tops = nodes.filter(isAi).filter((node) => !ancestorsOf(node).some(isAi));
  const turnTops = tops.filter(isTurn);
  const requests = Map.groupBy(turnTops, requestOf);
  const clusters: AiNode[][] = [];
  for (const [request, ofRequest] of requests) {
    if (request !== null) clusters.push([...ofRequest]);
    else clusters.push(...sequences(ofRequest));
  }
  const ordered = clusters.sort((a, b) => startOf(a) - startOf(b));
  const others = Map.groupBy(
    tops.filter((node) => !turnTops.includes(node)),
    (node) => clusterFor(node, ordered),
  );
  return ordered.map((cluster) => ({ tops: cluster, others: others.get(cluster) ?? [] }));
}

/** The AI nodes below the tops, outer ones first, without what evaluators do. */
export function aiNodesOf(tops: readonly AiNode[]): readonly AiNode[] {
  return tops.flatMap((top) => below(top, (node) => node.reading?.kind !== 'evaluation')).filter(isAi);
}

function isTurn(top: AiNode): boolean {
  if (top.reading.kind === 'evaluation') return false;
  const nodes = aiNodesOf([top]);
  if (nodes.some(({ reading }) => reading.kind === 'model')) return true;
  return nodes.some(
    ({ reading }) =>
      (reading.kind === 'step' || reading.kind === 'agent') &&
      Boolean(reading.question || reading.messages?.length) &&
      (Boolean(reading.answer) || reading.failed === true),
  );
}

/** The request of a server that a span is part of: all of it is one turn. Null outside of requests. */
function requestOf(top: AiNode): Node | null {
  return ancestorsOf(top).find(({ span }) => span.position === 'server' || span.position === 'consumer') ?? null;
}

/** Consecutive tops are one turn where a later one uses the question or the output of an earlier one. */
function sequences(tops: readonly AiNode[]): AiNode[][] {
  const clusters: AiNode[][] = [];
  for (const top of tops) {
    const cluster = clusters.findLast((earlier) => continues(earlier, top));
    if (cluster === undefined) clusters.push([top]);
    else cluster.push(top);
  }
  return clusters;
}

type Said = {
  readonly question: string | null;
  readonly answers: readonly string[];
  readonly prompt: readonly Message[];
};

function continues(earlier: readonly AiNode[], top: AiNode): boolean {
  const before = saidBy(earlier);
  const now = saidBy([top]);
  if (isReportedTwice(earlier, top, before, now)) return true;
  const asked = lastText(now.prompt, 'user') ?? now.question ?? '';
  // In a conversation the earlier answer stands in the prompt as a message of the assistant, before a new question.
  const isHistory = now.prompt.some(({ role, text }) => role === 'assistant' && before.answers.includes(text.trim()));
  if (isHistory && now.prompt.at(-1)?.role !== 'tool') return false;
  return [before.question, ...before.answers].some((text) => text !== null && text.length >= 6 && asked.includes(text));
}

function isReportedTwice(earlier: readonly AiNode[], top: AiNode, before: Said, now: Said): boolean {
  const other = earlier.some(({ span }) => span.scope !== top.span.scope && overlap(span, top.span));
  return other && (now.answers.length === 0 || now.answers.some((answer) => before.answers.includes(answer)));
}

function saidBy(tops: readonly AiNode[]): Said {
  const nodes = aiNodesOf(tops);
  const calls = leafCalls(nodes);
  const answers = [...nodes.map(({ reading }) => reading.answer), ...calls.map(({ reading }) => reading.answer)];
  const prompt = calls[0]?.reading.messages ?? [];
  const question = nodes.find(({ reading }) => reading.question)?.reading.question ?? lastText(prompt, 'user');
  return {
    question: question?.trim() ?? null,
    answers: [...new Set(answers.flatMap((answer) => (answer ? [answer.trim()] : [])))],
    prompt,
  };
}

function startOf(nodes: readonly AiNode[]): number {
  return Math.min(...nodes.map(({ span }) => span.startMs));
}

/** A retrieval comes before the call that uses it: it belongs to the first turn that ends after it begins. */
function clusterFor(node: AiNode, clusters: readonly AiNode[][]): AiNode[] | undefined {
  const ends = (cluster: readonly AiNode[]) => Math.max(...cluster.map(({ span }) => span.endMs));
  const request = requestOf(node);
  const same =
    request === null ? undefined : clusters.find((cluster) => cluster.some((top) => requestOf(top) === request));
  return same ?? clusters.find((cluster) => ends(cluster) >= node.span.startMs) ?? clusters.at(-1);
}
