/** Statements on the embedding_model table: the models whose vectors are stored. */
import type { Pool } from 'pg';
import type { Vector } from '../../chat/embed.ts';

export type EmbeddingModel = {
  readonly id: number;
  /** As the server knows it. */
  readonly name: string;
  readonly passagePrefix: string;
  readonly dimensions: number;
  /** The vector of the probe text when the model was first used. */
  readonly probe: Vector;
  /** Null: not all passages have a vector yet. */
  readonly completedAt: Date | null;
};

/** Newest first. */
export async function listEmbeddingModels(pool: Pool): Promise<readonly EmbeddingModel[]> {
  const { rows } = await pool.query<Omit<EmbeddingModel, 'probe'> & { probe: readonly number[] }>({
    name: 'list-embedding-models',
    text: `
      select id, name, passage_prefix as "passagePrefix", dimensions, probe, completed_at as "completedAt"
      from embedding_model order by id desc`,
  });
  return rows.map((row) => ({ ...row, probe: Float32Array.from(row.probe) }));
}

/** Adds a model, with an index for it where pgvector is available. */
export async function insertEmbeddingModel(
  pool: Pool,
  { name, passagePrefix, probe }: Pick<EmbeddingModel, 'name' | 'passagePrefix' | 'probe'>,
): Promise<EmbeddingModel> {
  const { rows } = await pool.query<{ id: number }>({
    name: 'insert-embedding-model',
    text: `
      insert into embedding_model (name, passage_prefix, dimensions, probe)
      values ($1, $2, cardinality($3::real[]), $3::real[]) returning id`,
    values: [name, passagePrefix, [...probe]],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the embedding model was not inserted');
  await indexEmbeddings(pool, row.id);
  return { id: row.id, name, passagePrefix, dimensions: probe.length, probe, completedAt: null };
}

/** @returns whether the model has an index: the server has pgvector, and the owner of the tables may create the extension */
export async function indexEmbeddings(pool: Pool, modelId: number): Promise<boolean> {
  const { rows } = await pool.query<{ made: boolean }>('select rag_index_embeddings($1) as made', [modelId]);
  return rows[0]?.made === true;
}

/** Marks a model as complete, and removes the models that it replaced an hour ago or earlier. */
export async function completeEmbeddingModel(pool: Pool, modelId: number): Promise<void> {
  await pool.query({
    name: 'complete-embedding-model',
    text: 'update embedding_model set completed_at = now() where id = $1 and completed_at is null',
    values: [modelId],
  });
  // Chat servers that still use the former model notice the new one within minutes.
  await pool.query({
    name: 'drop-replaced-embedding-models',
    text: `
      select rag_drop_embedding_model(id) from embedding_model
      where id <> $1
        and exists (select from embedding_model where id = $1 and completed_at < now() - interval '1 hour')`,
    values: [modelId],
  });
}
