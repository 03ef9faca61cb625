/** Searches passages by meaning: embeds the question with the model of the stored vectors and finds the nearest passages. */
import type { Pool } from 'pg';
import { type Embed, isSameModel, PROBE, similarity, type Vector } from '../../chat/embed.ts';
import type { NearPassages, SearchByMeaning, SemanticResult } from '../../chat/search/semantic-search.ts';
import { type EmbeddingModel, listEmbeddingModels } from '../embeddings/models.ts';
import { sampleVectors } from '../embeddings/vectors.ts';
import { findVectorIndex, keepReadable, searchVectorIndex } from './nearest-passages.ts';
import type { Reader } from './readable-passages.ts';
import { createVectorMemory } from './vector-memory.ts';

/** Opens the configured server for a model. @param passagePrefix null: the configured one */
export type OpenEmbed = (model: string, passagePrefix: string | null) => Embed;

/** A model whose vectors are complete, and how to find passages by them. */
type Ready = {
  readonly embed: Embed;
  readonly sample: readonly Vector[];
  readonly find: (question: Vector, reader: Reader, limit: number) => Promise<NearPassages['passages']>;
};

/** Milliseconds after which a newer model is looked for. */
const lookAgainAfterMs = 60_000;
/** Milliseconds for which an unavailable server is not asked, doubled with each failure up to the longest. */
const pauseMs = { first: 5_000, longest: 60_000 } as const;
/** Passages taken at random, against which a similarity is compared. */
const sampleSize = 256;
const leastSample = 30;
/** Candidates held in memory whose rights are checked first; multiplied while too few of them are readable. */
const firstCandidates = 200;
const moreCandidates = 8;

/**
 * @param model the configured model
 * @param clock milliseconds, monotonic
 * @param onResult called once for each search
 * @param onUnavailable called when the embeddings server starts to fail
 */
export function createSearchByMeaning({
  pool,
  model,
  openEmbed,
  clock,
  onResult,
  onUnavailable,
}: {
  pool: Pool;
  model: string;
  openEmbed: OpenEmbed;
  clock: () => number;
  onResult: (result: SemanticResult) => void;
  onUnavailable: (error: unknown) => void;
}): SearchByMeaning {
  let ready: { readonly value: Ready | null; readonly at: number; readonly modelId: number | null } | null = null;
  let failures = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  let finding: Promise<Ready | null> | null = null;

  /** Questions at the same time wait for one look: each would load all vectors. */
  async function findReady(): Promise<Ready | null> {
    if (ready !== null && clock() - ready.at < lookAgainAfterMs) return ready.value;
    finding ??= lookForReady().finally(() => {
      finding = null;
    });
    return finding;
  }

  async function lookForReady(): Promise<Ready | null> {
    const at = clock();
    const complete = (await listEmbeddingModels(pool)).filter(({ completedAt }) => completedAt !== null);
    const isConfigured = ({ name }: EmbeddingModel) => name === model;
    for (const stored of [...complete.filter(isConfigured), ...complete.filter((each) => !isConfigured(each))]) {
      if (ready?.value != null && ready.modelId === stored.id) {
        ready = { ...ready, at };
        return ready.value;
      }
      const embed = openEmbed(stored.name, stored.passagePrefix);
      const probe = await probed(embed, isConfigured(stored));
      // Another model answers under this name: its vectors cannot be compared with the stored ones.
      if (probe === null || !isSameModel(probe, stored.probe)) continue;
      const value = await openModel(pool, stored, embed, clock);
      ready = { value, at, modelId: stored.id };
      return value;
    }
    ready = { value: null, at, modelId: null };
    return null;
  }

  return async ({ query, limit, signal, ...reader }) => {
    if (clock() < pausedUntil) {
      onResult('unreachable');
      return null;
    }
    let model: Ready | null;
    let question: Vector | undefined;
    try {
      model = await findReady();
      [question] = model === null ? [] : await asked(model.embed([query], 'question', signal));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof EmbeddingsUnavailable)) throw error;
      if (failures === 0) onUnavailable(error.cause);
      pausedUntil = clock() + Math.min(pauseMs.longest, pauseMs.first * 2 ** failures);
      failures += 1;
      onResult('unreachable');
      return null;
    }
    failures = 0;
    if (model === null || question === undefined) {
      onResult('not_ready');
      return null;
    }
    const passages = await model.find(question, reader, limit);
    onResult('ok');
    return { passages, standsOut: standsOut(passages[0]?.similarity, question, model.sample) };
  };
}

/** The embeddings server failed, not the database. */
class EmbeddingsUnavailable extends Error {
  override readonly name = 'EmbeddingsUnavailable';
}

async function asked<T>(embedded: Promise<T>): Promise<T> {
  try {
    return await embedded;
  } catch (cause) {
    throw new EmbeddingsUnavailable('the embeddings server is unavailable', { cause });
  }
}

/** Null: the server runs and does not have the model, which is no failure of a former model. */
async function probed(embed: Embed, isConfigured: boolean): Promise<Vector | null> {
  try {
    return (await asked(embed([PROBE], 'passage')))[0] ?? null;
  } catch (error) {
    const cause = error instanceof EmbeddingsUnavailable ? error.cause : null;
    const replied = cause instanceof Error && 'status' in cause && cause.status !== null;
    if (replied && !isConfigured) return null;
    throw error;
  }
}

async function openModel(
  pool: Pool,
  { id, dimensions }: EmbeddingModel,
  embed: Embed,
  clock: () => number,
): Promise<Ready> {
  const sample = await sampleVectors(pool, id, sampleSize);
  const home = await findVectorIndex(pool, id);
  if (home !== null) {
    const index = { modelId: id, dimensions, home };
    return {
      embed,
      sample,
      find: (question, reader, limit) => searchVectorIndex(pool, index, { question, limit, ...reader }),
    };
  }
  const memory = createVectorMemory(pool, { modelId: id, dimensions, clock });
  return {
    embed,
    sample,
    async find(question, reader, limit) {
      const near = await memory.nearest(question);
      for (let count = firstCandidates; ; count *= moreCandidates) {
        const kept = await keepReadable(pool, near.slice(0, count), { ...reader, limit });
        if (kept.length === limit || count >= near.length) return kept;
      }
    },
  };
}

function standsOut(best: number | undefined, question: Vector, sample: readonly Vector[]): number | null {
  if (best === undefined || sample.length < leastSample) return null;
  const similarities = sample.map((each) => similarity(each, question));
  const mean = similarities.reduce((sum, each) => sum + each, 0) / similarities.length;
  const variance = similarities.reduce((sum, each) => sum + (each - mean) ** 2, 0) / similarities.length;
  return variance > 0 ? (best - mean) / Math.sqrt(variance) : null;
}
