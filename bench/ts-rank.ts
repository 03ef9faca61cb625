/** PostgreSQL's ts_rank over plain words: a baseline of the retrieval benchmark. */
import type { Pool } from 'pg';
import { splitWords } from './split-words.ts';

type TsRank = (question: string, limit: number) => Promise<readonly string[]>;

/**
 * Indexes the texts in a separate table with the `simple` configuration, because no PostgreSQL stemmer covers both languages.
 * The words of a question are joined by "or". Normalisation 1 (logarithm of the length) is the best of 0, 1, 2 and 16, and
 * ts_rank is better than ts_rank_cd.
 */
export async function createTsRank(pool: Pool, texts: readonly { id: string; text: string }[]): Promise<TsRank> {
  await pool.query('create table bench_ts_rank (id uuid primary key, words tsvector not null)');
  await pool.query(
    `insert into bench_ts_rank
     select id, to_tsvector('simple', words) from jsonb_to_recordset($1::jsonb) as texts(id uuid, words text)`,
    [JSON.stringify(texts.map(({ id, text }) => ({ id, words: splitWords(text).join(' ') })))],
  );
  await pool.query('create index on bench_ts_rank using gin (words)');
  await pool.query('analyze bench_ts_rank');
  return async (question, limit) => {
    const { rows } = await pool.query<{ id: string }>(
      `with asked as (
         select string_agg(quote_literal(lexeme), ' | ')::tsquery as query
         from unnest(to_tsvector('simple', $1))
       )
       select id from bench_ts_rank, asked where words @@ query
       order by ts_rank(words, query, 1) desc, id
       limit $2`,
      [splitWords(question).join(' '), limit],
    );
    return rows.map(({ id }) => id);
  };
}
