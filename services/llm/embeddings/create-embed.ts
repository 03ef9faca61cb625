/** Embeds texts with an OpenAI-compatible server. */
import type { Embed, TextKind, Vector } from '../../chat/embed.ts';
import type { EmbeddingProfile } from './model-profiles.ts';
import { readVectors } from './read-vectors.ts';
import { postJson, ScoringFailure, type ScoringServer } from './scoring-client.ts';

export type EmbeddingsServer = ScoringServer & EmbeddingProfile;

/** Statuses of a request that is too large: too many texts, or a text that is too long. */
const TOO_LARGE: ReadonlySet<number | null> = new Set([400, 413, 422]);
/** Characters: a shorter text is not refused for its length. */
const SHORTEST_CUT = 100;

/**
 * A server that refuses a request as too large gets it in halves, and of a single text its first half: models read a few
 * hundred tokens only, and the beginning says what a text is about.
 * @param timeoutMs for one call, with all its attempts
 */
export function createEmbed(
  server: EmbeddingsServer,
  { batchSize, timeoutMs }: { readonly batchSize: number; readonly timeoutMs: number },
): Embed {
  const send = async (texts: readonly string[], kind: TextKind, signal?: AbortSignal): Promise<readonly Vector[]> => {
    const body = {
      model: server.model,
      input: texts.map((text) => server.prefixes[kind] + text),
      ...(server.inputTypes !== null && { input_type: server.inputTypes[kind] }),
    };
    const response = await postJson(server, 'EMBEDDINGS', '/embeddings', body, { timeoutMs, signal });
    const vectors = readVectors(response, texts.length);
    if (vectors !== null) return vectors;
    const host = new URL(server.baseUrl).host;
    throw new ScoringFailure(
      `the server of EMBEDDINGS_BASE_URL at ${host} sent no vectors of equal length for each text: check that EMBEDDINGS_MODEL is an embedding model`,
      {},
    );
  };
  const sendFitting: Embed = async (texts, kind, signal) => {
    try {
      return await send(texts, kind, signal);
    } catch (error) {
      const [only = ''] = texts;
      const isCut = texts.length > 1 || only.length > SHORTEST_CUT;
      if (!(error instanceof ScoringFailure) || !TOO_LARGE.has(error.status) || !isCut) throw error;
      if (texts.length === 1) {
        return sendFitting([only.slice(0, Math.floor(only.length / 2)).toWellFormed()], kind, signal);
      }
      const middle = Math.ceil(texts.length / 2);
      const first = await sendFitting(texts.slice(0, middle), kind, signal);
      return [...first, ...(await sendFitting(texts.slice(middle), kind, signal))];
    }
  };
  return async (texts, kind, signal) => {
    const vectors: Vector[] = [];
    for (let start = 0; start < texts.length; start += batchSize) {
      vectors.push(...(await sendFitting(texts.slice(start, start + batchSize), kind, signal)));
    }
    return vectors;
  };
}
