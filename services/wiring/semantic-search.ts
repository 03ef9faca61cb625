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
import { createScoreByMeaning, type ScoreByMeaning } from '../quality/score-by-meaning.ts';
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

/** Milliseconds: an answer does not wait for a server that has just failed. */
const scorePauseMs = 30_000;

/**
 * Null: no embeddings server is configured, or its model's similarities were never compared with labels, or a language model answers,
 * whose answers a judge scores. An answer contains text of documents, so it goes to a server of the operator only.
 */
export function openScoreByMeaning(
  { embeddings, model }: Pick<Config, 'embeddings' | 'model'>,
  clock: () => number,
): ScoreByMeaning | null {
  if (embeddings === null || !embeddings.trusted || model !== null) return null;
  const byMeaning = createScoreByMeaning(embeddings.model, openForQuestions(embeddings, embeddings.model, null));
  if (byMeaning === null) return null;
  let pausedUntil = 0;
  return {
    version: byMeaning.version,
    async score(answer, signal) {
      if (clock() < pausedUntil) throw new Error('the embeddings server failed less than half a minute ago');
      try {
        return await byMeaning.score(answer, signal);
      } catch (error) {
        pausedUntil = clock() + scorePauseMs;
        throw error;
      }
    },
  };
}

export function embeddingJobServer(embeddings: NonNullable<Config['embeddings']>): EmbeddingJobServer {
  return { ...embeddings, ...openForPassages(embeddings) };
}
