/** Reranks passages with a server that has /rerank, in the shapes that such servers send. */
import type { Rerank } from '../../chat/rerank.ts';
import { postJson, ScoringFailure, type ScoringServer } from './scoring-client.ts';

/** Milliseconds for which an unavailable server is not asked, doubled with each failure up to the longest. */
const pauseMs = { first: 5_000, longest: 60_000 } as const;

/**
 * Sends `query` with the texts as `documents` (vLLM, Infinity, llama.cpp, LiteLLM, Cohere, Jina) and as `texts` (TEI), and reads the
 * scores of either. Where `/v1/rerank` is missing, `/rerank` is tried: TEI has it at the root.
 * @param clock milliseconds, monotonic
 * @param onResult called once for each call
 * @param onUnavailable called when the server starts to fail
 */
export function createRerank(
  server: ScoringServer & { readonly timeoutMs: number },
  {
    clock,
    onResult,
    onUnavailable,
  }: {
    readonly clock: () => number;
    readonly onResult: (result: 'ok' | 'unreachable') => void;
    readonly onUnavailable: (error: unknown) => void;
  },
): Rerank {
  const root = { ...server, baseUrl: server.baseUrl.replace(/\/v1\/*$/, '') };
  let address: ScoringServer = server;
  let failures = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  const send = async (query: string, texts: readonly string[], signal: AbortSignal) => {
    const { timeoutMs } = server;
    const ask = (at: ScoringServer, body: object) => postJson(at, 'RERANK', '/rerank', body, { timeoutMs, signal });
    const documents = { model: server.model, query, documents: texts, return_documents: false };
    try {
      return await ask(address, address === root ? { query, texts, truncate: true } : documents);
    } catch (error) {
      // TEI has no /v1/rerank, and refuses a body without `texts`.
      const isMissing = error instanceof ScoringFailure && [404, 405, 422].includes(error.status ?? 0);
      if (!isMissing || address === root) throw error;
      const response = await ask(root, { query, texts, truncate: true });
      address = root;
      return response;
    }
  };

  return async (query, texts, signal) => {
    if (clock() < pausedUntil) {
      onResult('unreachable');
      return null;
    }
    try {
      const scores = readScores(await send(query, texts, signal), texts.length);
      if (scores === null) {
        const { host } = new URL(server.baseUrl);
        throw new ScoringFailure(
          `the server of RERANK_BASE_URL at ${host} sent no score for each text: check that RERANK_MODEL is a reranker`,
          {},
        );
      }
      failures = 0;
      onResult('ok');
      return scores;
    } catch (error) {
      signal.throwIfAborted();
      if (failures === 0) onUnavailable(error);
      pausedUntil = clock() + Math.min(pauseMs.longest, pauseMs.first * 2 ** failures);
      failures += 1;
      onResult('unreachable');
      return null;
    }
  };
}

/**
 * `results` (Cohere, Jina, vLLM, llama.cpp, LiteLLM), `data` (Voyage), or a bare list (TEI) of an index and a score each.
 * @returns one score for each text in order; null: the body has none for one of them
 */
function readScores(body: unknown, count: number): readonly number[] | null {
  const results = Array.isArray(body) ? body : isRecord(body) ? (body.results ?? body.data) : null;
  if (!Array.isArray(results)) return null;
  const scores: number[] = [];
  for (const each of results) {
    if (!isRecord(each)) return null;
    const score = each.relevance_score ?? each.score;
    if (typeof each.index !== 'number' || typeof score !== 'number') return null;
    scores[each.index] = score;
  }
  const complete = Array.from({ length: count }, (_, index) => scores[index]);
  return complete.every((score): score is number => score !== undefined) ? complete : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
