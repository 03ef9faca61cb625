/** Reads the size of the corpus and the document frequency of terms. */
import type { Pool } from 'pg';
import type { TermRarity } from '../../chat/search/plan-search.ts';

/** `holding` counts the passages per term, without terms that no passage contains. */
export async function readTermRarity(pool: Pool, terms: readonly string[]): Promise<TermRarity> {
  const { rows } = await pool.query<{ passages: number; term_count: number; held: Record<string, number> }>({
    name: 'read-term-rarity',
    text: `
      select
        passages, term_count,
        (
          select coalesce(json_object_agg(term, passage_term.passages), '{}')
          from passage_term where term = any($1::text[])
        ) as held
      from passage_corpus`,
    values: [terms],
  });
  const row = rows[0];
  return {
    passages: row?.passages ?? 0,
    termCount: row?.term_count ?? 0,
    holding: new Map(Object.entries(row?.held ?? {})),
  };
}
