/** Finds the documents that a turn retrieved, in the order in which the model saw them. */

import type { ExternalDocument } from '../external-turn.ts';
import { mergedDocuments } from './documents.ts';
import { overlap } from './leaf-calls.ts';
import type { Kind } from './reading.ts';
import { type AiNode, ancestorsOf, isAi } from './tree.ts';

export type Retrieval = {
  /** Null: no retrieval is known. Empty: it found nothing. */
  readonly documents: readonly ExternalDocument[] | null;
  readonly query: string | null;
  /** Whether the SDK left out attributes of a retrieval, so that documents may be missing. */
  readonly dropped: boolean;
};

/** @param nodes all AI nodes of the turn, outer ones first */
export function retrievalOf(nodes: readonly AiNode[]): Retrieval {
  const stated = nodes.find(({ span }) => span.attributes['rag.documents'] !== undefined);
  const retrievers = nodes.filter(({ reading }) => reading.kind === 'retriever');
  const rerankers = nodes.filter(({ reading }) => reading.kind === 'reranker');
  const embeddings = nodes.filter(({ reading }) => reading.kind === 'embedding');
  const query = [...retrievers, ...rerankers, ...embeddings].map(({ reading }) => reading.query).find(Boolean) ?? null;
  const used = stated === undefined ? chosen(nodes, retrievers, rerankers) : [stated];
  return {
    documents: stated?.reading.documents ?? union(used),
    query,
    dropped: used.some(({ span }) => span.dropped > 0),
  };
}

/** What the last reranker left is what the model saw; tools that return documents count where nothing else retrieves. */
function chosen(
  nodes: readonly AiNode[],
  retrievers: readonly AiNode[],
  rerankers: readonly AiNode[],
): readonly AiNode[] {
  const reranked = rerankers.filter(hasDocuments).slice(-1);
  if (reranked.length > 0) return reranked;
  const found = outermost(retrievers.filter(hasDocuments));
  if (found.length > 0) return found;
  if (retrievers.length > 0) return retrievers;
  const ofKind = (kind: Kind) => nodes.filter((node) => node.reading.kind === kind && hasDocuments(node));
  return ofKind('tool');
}

function hasDocuments({ reading }: AiNode): boolean {
  return reading.documents !== null && reading.documents !== undefined;
}

/** A retriever within a retriever is a part of it. */
function outermost(retrievers: readonly AiNode[]): readonly AiNode[] {
  const known = new Set<AiNode>(retrievers);
  return retrievers
    .filter((node) => !ancestorsOf(node).some((outer) => isAi(outer) && known.has(outer)))
    .sort((a, b) => a.span.startMs - b.span.startMs);
}

function union(nodes: readonly AiNode[]): readonly ExternalDocument[] | null {
  const lists = nodes.filter(hasDocuments);
  if (lists.length === 0) return null;
  const documents: ExternalDocument[] = [];
  const seen = new Set<string>();
  for (const list of reportedOnce(lists)) {
    for (const document of list) {
      const key = JSON.stringify([document.id, document.url, document.text]);
      if (seen.has(key)) continue;
      seen.add(key);
      documents.push(document);
    }
  }
  return documents;
}

/** Two instrumentations of one retrieval complete each other. */
function reportedOnce(nodes: readonly AiNode[]): readonly (readonly ExternalDocument[])[] {
  const lists: { node: AiNode; documents: readonly ExternalDocument[] }[] = [];
  for (const node of nodes) {
    const documents = node.reading.documents ?? [];
    const same = lists.find(
      (list) =>
        list.node.span.scope !== node.span.scope &&
        list.documents.length === documents.length &&
        overlap(list.node.span, node.span),
    );
    if (same === undefined) lists.push({ node, documents });
    else same.documents = mergedDocuments([same.documents, documents]) ?? documents;
  }
  return lists.map(({ documents }) => documents);
}
