/** Counts searches by meaning and reranks. */
import { searchMetrics } from '../../catalogue/search-metrics.ts';
import type { SemanticResult } from '../../chat/search/semantic-search.ts';
import { counter } from './instruments.ts';

const searches = counter(searchMetrics.semanticSearches);
const reranks = counter(searchMetrics.reranks);

export function measureSemanticSearch(result: SemanticResult): void {
  searches.add(1, { result });
}

export function measureRerank(result: 'ok' | 'unreachable'): void {
  reranks.add(1, { result });
}

export function startSemanticSearchAtZero(): void {
  for (const result of searchMetrics.semanticSearches.labels.result) searches.add(0, { result });
  for (const result of searchMetrics.reranks.labels.result) reranks.add(0, { result });
}
