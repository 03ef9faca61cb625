/** Finds the passages whose vectors are nearest to a question's, by pgvector's index or among candidates held in memory. */
import type { Pool } from 'pg';
import type { Vector } from '../../chat/embed.ts';
import type { NearPassage } from '../../chat/search/semantic-search.ts';
import { inTransaction } from '../client/transaction.ts';
import { type Reader, readable, readableValues } from './readable-passages.ts';

type Search = Reader & { readonly question: Vector; readonly limit: number };

/** The schema of pgvector, quoted, if the model has a valid index of it; null otherwise. */
export async function findVectorIndex(pool: Pool, modelId: number): Promise<string | null> {
  const { rows } = await pool.query<{ home: string }>({
    name: 'find-vector-index',
    text: `
      select quote_ident(nspname) as home
      from pg_extension
      join pg_namespace on pg_namespace.oid = extnamespace
      join pg_index on indexrelid = to_regclass('idx_passage_embedding_nearest_' || $1::text) and indisvalid
      -- Older versions have neither iterative scans nor their setting.
      where extname = 'vector' and string_to_array(extversion, '.')::integer[] >= '{0,8}'`,
    values: [modelId],
  });
  return rows[0]?.home ?? null;
}

/**
 * Searches the index, which is read on until enough passages are readable and match the filters, up to a limit of pgvector. Where it
 * finds too few, they are a small part of the corpus, and their vectors are compared one by one.
 */
export async function searchVectorIndex(
  pool: Pool,
  index: VectorIndex,
  { question, limit, ...reader }: Search,
): Promise<readonly NearPassage[]> {
  const values = [halfvec(question), limit, ...readableValues(reader)];
  return inTransaction(pool, async (client) => {
    const settings = client.query({ name: 'vector-search-settings', text: indexSettings });
    const name = `nearest-passages-${index.modelId}`;
    const found = client.query<NearPassage>({ name, text: statement(index, 'by index'), values });
    const [, { rows }] = await Promise.all([settings, found]);
    if (rows.length >= limit) return rows;
    const exact = { name: `nearest-passages-exact-${index.modelId}`, text: statement(index, 'exact'), values };
    return (await client.query<NearPassage>(exact)).rows;
  });
}

type VectorIndex = { readonly modelId: number; readonly dimensions: number; readonly home: string };

// The planner expects far fewer readable passages than there are, and would compute all distances and sort them.
const indexSettings = `
  select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '100', true),
    set_config('enable_sort', 'off', true)`;

// The model and the dimensions are part of the text, as they are of the index.
function statement({ modelId, dimensions, home }: VectorIndex, search: 'by index' | 'exact'): string {
  const distance = `(embedding.vector::${home}.halfvec(${dimensions}) operator(${home}.<#>) $1::${home}.halfvec(${dimensions}))`;
  return `
    with near as materialized (
      select passage.id, ${distance} as distance
      from passage_embedding as embedding
      join passage on passage.id = embedding.passage_id
      -- Not pulled up, so that it is looked up for each passage: the planner expects it to have one row.
      cross join lateral (
        select from provenance
        where provenance.content_id = passage.content_id and provenance.content_type = passage.content_type and ${readable(3)}
        offset 0
      ) as readable
      where embedding.model_id = ${modelId}
      order by ${search === 'exact' ? `${distance} + 0` : distance}
      limit $2
    )
    select id as "passageId", -distance as similarity from near order by distance`;
}

/**
 * Keeps the passages that the user may read and that match the filters.
 * @param near best first
 */
export async function keepReadable(
  pool: Pool,
  near: readonly NearPassage[],
  { limit, ...reader }: Reader & { readonly limit: number },
): Promise<readonly NearPassage[]> {
  const { rows } = await pool.query<{ place: number }>({
    name: 'keep-readable-passages',
    text: `
      select near.place::integer - 1 as place
      from unnest($1::uuid[]) with ordinality as near(id, place)
      join passage on passage.id = near.id
      join provenance using (content_id, content_type)
      where ${readable(3)}
      order by near.place
      limit $2`,
    values: [near.map(({ passageId }) => passageId), limit, ...readableValues(reader)],
  });
  return rows.flatMap(({ place }) => near[place] ?? []);
}

function halfvec(vector: Vector): string {
  return `[${Array.from(vector, (value) => value.toPrecision(6)).join(',')}]`;
}
