/** Statements on the passage_embedding table: which passages need a vector, and writing vectors. */
import type { Pool } from 'pg';
import type { Vector } from '../../chat/embed.ts';

export type PassageToEmbed = {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly text: string;
};

/** Significant digits of a 32-bit float. */
const digits = 8;

/** Passages that have a vector or need one: those of current documents. `$1`: whether the server may read those without consent. */
const embeddable = `
  provenance.content_type <> 'ai_response' and provenance.superseded_at is null and provenance.removed_at is null
  and ($1 or provenance.external_share_consent)`;

/**
 * Reads passages without a vector of the model, in the order of their ids.
 * @param after the last id that was read; null for the first passages
 * @param trusted whether the server may read passages whose owner did not consent to sharing
 */
export async function findPassagesToEmbed(
  pool: Pool,
  { modelId, trusted, after, limit }: { modelId: number; trusted: boolean; after: string | null; limit: number },
): Promise<readonly PassageToEmbed[]> {
  const { rows } = await pool.query<PassageToEmbed>({
    name: 'find-passages-to-embed',
    text: `
      select passage.id, passage.title, passage.heading, passage.text
      from passage
      join provenance using (content_id, content_type)
      where ($3::uuid is null or passage.id > $3) and ${embeddable}
        and not exists (select from passage_embedding where model_id = $2 and passage_id = passage.id)
      order by passage.id
      limit $4`,
    values: [trusted, modelId, after, limit],
  });
  return rows;
}

/** Writes one vector for each passage that still exists. */
export async function insertEmbeddings(
  pool: Pool,
  modelId: number,
  embedded: readonly { readonly id: string; readonly vector: Vector }[],
): Promise<void> {
  await pool.query({
    name: 'insert-embeddings',
    text: `
      insert into passage_embedding (model_id, passage_id, vector)
      select $1, passage.id, input.vector::real[]
      from unnest($2::uuid[], $3::text[]) as input(id, vector)
      join passage on passage.id = input.id
      on conflict do nothing`,
    values: [modelId, embedded.map(({ id }) => id), embedded.map(({ vector }) => arrayText(vector))],
  });
}

export type EmbeddingProgress = {
  /** Passages with a vector. */
  readonly embedded: number;
  /** Passages that need one. */
  readonly pending: number;
  /** Passages that an untrusted server may not read, because their owner did not consent to sharing. */
  readonly withheld: number;
};

/** @param modelId null: no passage has a vector yet */
export async function countEmbeddings(
  pool: Pool,
  { modelId, trusted }: { modelId: number | null; trusted: boolean },
): Promise<EmbeddingProgress> {
  const { rows } = await pool.query<EmbeddingProgress>({
    name: 'count-embeddings',
    text: `
      select
        count(*) filter (where embedding.passage_id is not null)::integer as embedded,
        count(*) filter (where embedding.passage_id is null and ($1 or provenance.external_share_consent))::integer as pending,
        count(*) filter (where embedding.passage_id is null and not ($1 or provenance.external_share_consent))::integer as withheld
      from passage
      join provenance using (content_id, content_type)
      left join passage_embedding as embedding on embedding.model_id = $2 and embedding.passage_id = passage.id
      where provenance.content_type <> 'ai_response' and provenance.superseded_at is null and provenance.removed_at is null`,
    values: [trusted, modelId],
  });
  return rows[0] ?? { embedded: 0, pending: 0, withheld: 0 };
}

/** Counts for the newest stored model of a name. */
export async function countEmbeddingsOf(
  pool: Pool,
  { model, trusted }: { model: string; trusted: boolean },
): Promise<EmbeddingProgress> {
  const { rows } = await pool.query<{ id: number | null }>({
    name: 'newest-embedding-model',
    text: 'select max(id) as id from embedding_model where name = $1',
    values: [model],
  });
  return countEmbeddings(pool, { modelId: rows[0]?.id ?? null, trusted });
}

/** Vectors of passages from all parts of the corpus, at most about `size`. */
export async function sampleVectors(pool: Pool, modelId: number, size: number): Promise<readonly Vector[]> {
  const { rows } = await pool.query<{ vector: readonly number[] }>({
    name: 'sample-vectors',
    text: `
      with range as (
        select min(id) as first, max(id) as last from passage_embedding where model_id = $1
      )
      select vector from range, passage_embedding
      where model_id = $1 and (id - first) % greatest(1, (last - first) / $2) = 0
      limit $2`,
    values: [modelId, size],
  });
  return rows.map(({ vector }) => Float32Array.from(vector));
}

function arrayText(vector: Vector): string {
  return `{${Array.from(vector, (value) => value.toPrecision(digits)).join(',')}}`;
}
