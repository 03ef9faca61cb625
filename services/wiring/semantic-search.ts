/** Assembles the search by meaning and the job that embeds passages, from the configuration. */
import type { SearchByMeaning } from '../chat/search/semantic-search.ts';
import type { Config } from '../config.ts';
import type { EmbeddingJobServer } from '../jobs/embed-passages.ts';
import { createRerank } from '../llm/embeddings/create-rerank.ts';
import { openForPassages, openForQuestions } from '../llm/embeddings/open-embeddings.ts';
import { describeJobError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import type { Pool } from '../postgres/client/connect.ts';
import type { Searches } from '../postgres/search/find-passages.ts';
import { createSearchByMeaning } from '../postgres/search/search-by-meaning.ts';
import { measureRerank, measureSemanticSearch } from '../telemetry/metrics/measure-semantic-search.ts';

/** Null: no embeddings server is configured. */
export function openSearchByMeaning(
  { embeddings }: Pick<Config, 'embeddings'>,
  { pool, clock, log }: { pool: Pool; clock: () => number; log: Pick<Log, 'warn'> },
): SearchByMeaning | null {
  if (embeddings === null) return null;
  return createSearchByMeaning({
    pool,
    model: embeddings.model,
    openEmbed: (model, passagePrefix) => openForQuestions(embeddings, model, passagePrefix),
    clock,
    onResult: measureSemanticSearch,
    onUnavailable: (error) =>
      log.warn({ reason: describeJobError(error) }, 'questions are searched by words only: no embeddings'),
  });
}

/** Null: no reranker is configured. Without trust it is sent only passages whose owner consented to sharing. */
export function openRerank(
  { rerank }: Pick<Config, 'rerank'>,
  { clock, log }: { clock: () => number; log: Pick<Log, 'warn'> },
): Searches['rerank'] {
  if (rerank === null) return null;
  const onUnavailable = (error: unknown) =>
    log.warn({ reason: describeJobError(error) }, 'passages are not reranked: the reranker is unavailable');
  return {
    score: createRerank(rerank, { clock, onResult: measureRerank, onUnavailable }),
    mayRead: ({ externalShareConsent }) => rerank.trusted || externalShareConsent,
  };
}

export function embeddingJobServer(embeddings: NonNullable<Config['embeddings']>): EmbeddingJobServer {
  return { ...embeddings, ...openForPassages(embeddings) };
}
