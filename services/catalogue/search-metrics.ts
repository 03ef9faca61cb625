/** The search by meaning and the reranker, in the chat server. */
import type { Metric } from './metric.ts';

export const searchMetrics = {
  semanticSearches: {
    name: 'rag_semantic_searches_total',
    kind: 'counter',
    unit: '{search}',
    help: 'Questions that were to be searched by meaning as well as by words. unreachable: the embeddings server failed or was paused after a failure. not_ready: no vectors are complete.',
    labels: { result: ['ok', 'unreachable', 'not_ready'] },
  },
  reranks: {
    name: 'rag_reranks_total',
    kind: 'counter',
    unit: '{rerank}',
    help: 'Questions whose passages were to be sorted by the reranker. unreachable: it failed or was paused after a failure.',
    labels: { result: ['ok', 'unreachable'] },
  },
} as const satisfies Record<string, Metric>;
