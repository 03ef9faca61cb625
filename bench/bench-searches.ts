/** Opens the searches that a benchmark compares: by words, by meaning, both, and reranked, with real models on this machine. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { SearchByMeaning } from '../services/chat/search/semantic-search.ts';
import { embedPassages } from '../services/jobs/embed-passages.ts';
import { commandRetry } from '../services/jobs/leased-job.ts';
import { createRerank } from '../services/llm/embeddings/create-rerank.ts';
import { openForPassages, openForQuestions } from '../services/llm/embeddings/open-embeddings.ts';
import { isRefusedRequest } from '../services/llm/embeddings/scoring-client.ts';
import { type Searches, wordsOnly } from '../services/postgres/search/find-passages.ts';
import { createSearchByMeaning } from '../services/postgres/search/search-by-meaning.ts';
import { finder, judge, startLocalEmbeddings } from '../test/kit/servers/local-embeddings.ts';

export type BenchSearches = AsyncDisposable & {
  /** As an operator combines them. The search by meaning alone is `both` for a question without words. */
  readonly searches: Readonly<Record<'words' | 'both' | 'both, reranked', Searches>>;
  /** Embeds the passages that have been stored since. */
  readonly embed: () => Promise<void>;
};

const clock = () => performance.now();
const timeoutMs = 60_000;

/** Embeds all stored passages, and prints how long that took. */
export async function openBenchSearches({ pool, cache }: { pool: Pool; cache: string }): Promise<BenchSearches> {
  const server = await startLocalEmbeddings(join(cache, 'models'), [finder, judge]);
  const { baseUrl } = server;
  const settings = { baseUrl, apiKey: undefined, model: finder, prefixes: {}, batchSize: 16, timeoutMs };
  const embed = async () => {
    const start = clock();
    const result = await embedPassages(
      pool,
      { ...settings, ...openForPassages(settings), trusted: true, requestsPerMinute: null },
      { retry: commandRetry, now: () => new Date() },
      { runId: randomUUID(), signal: new AbortController().signal, isRefusal: isRefusedRequest },
    );
    if (result.state !== 'succeeded') throw new Error(`passages were not embedded: ${JSON.stringify(result)}`);
    console.log(`${result.outcome.embedded} passages embedded in ${((clock() - start) / 1000).toFixed(1)} s`);
  };
  await embed();
  const byMeaning: SearchByMeaning = createSearchByMeaning({
    pool,
    model: finder,
    openEmbed: (model, passagePrefix) => openForQuestions(settings, model, passagePrefix),
    clock,
    onResult: (result) => {
      if (result !== 'ok') throw new Error(`the search by meaning is ${result}`);
    },
    onUnavailable: (error) => {
      throw error;
    },
  });
  const rerank = createRerank(
    { baseUrl, apiKey: undefined, model: judge, timeoutMs },
    {
      clock,
      onResult: () => {},
      onUnavailable: (error) => {
        throw error;
      },
    },
  );
  return {
    searches: {
      words: wordsOnly,
      both: { byMeaning, rerank: null },
      'both, reranked': { byMeaning, rerank: { score: rerank, mayRead: () => true } },
    },
    embed,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
