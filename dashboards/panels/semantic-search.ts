/** The search by meaning: how often it worked, and which passages have a vector. */
import { searchMetrics } from '../../services/catalogue/search-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { perMinute, sharedGauge } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { timeSeriesPanel } from '../panel-builders.ts';
import { rangeQuery } from '../queries.ts';
import { colours } from '../theme.ts';

const { semanticSearches, reranks } = searchMetrics;
const { embeddingPassages } = workerMetrics;

export function semanticSearchResults() {
  return timeSeriesPanel({
    title: 'Searches by meaning and reranks per minute',
    description:
      'Questions that were to be searched by meaning, by result, and reranks. Unreachable: the embeddings server or the reranker failed, so the question was answered from the search by words, or in its order. Not ready: no vectors are complete, see cli -- embeddings status.',
    unit: 'cpm',
    min: 0,
    queries: [
      rangeQuery(perMinute(semanticSearches, { by: 'result' }), '{{result}}'),
      rangeQuery(perMinute(reranks, { by: 'result' }), 'rerank {{result}}'),
    ],
    noValue: 'no embeddings server',
  })
    .overrideByName('ok', overrides({ colour: colours.good }))
    .overrideByName('unreachable', overrides({ colour: colours.bad }))
    .overrideByName('not_ready', overrides({ colour: colours.warn }))
    .overrideByName('rerank ok', overrides({ colour: colours.other, dashed: true }))
    .overrideByName('rerank unreachable', overrides({ colour: colours.third, dashed: true }));
}

export function passagesWithVector() {
  return timeSeriesPanel({
    title: 'Passages by state of their vector',
    description:
      'Passages that can be found by meaning, passages that wait for the worker to embed them, and passages that the embeddings server may not read because their owner did not consent to sharing.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(sharedGauge(embeddingPassages, { by: 'state' }), '{{state}}')],
    noValue: 'no embeddings server',
  })
    .overrideByName('embedded', overrides({ colour: colours.good }))
    .overrideByName('pending', overrides({ colour: colours.warn }))
    .overrideByName('withheld', overrides({ colour: colours.muted, dashed: true }));
}
