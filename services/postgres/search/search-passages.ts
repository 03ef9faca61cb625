/** Finds the best passages for the terms of a question by exact BM25, computed in SQL. */
import type { Pool } from 'pg';
import type { RetrievedPassage } from '../../chat/retrieve.ts';
import { type Reader, readable, readableParameters, readableValues } from './readable-passages.ts';

type PassageSearch = Reader & {
  /** The text of a tsquery that selects the candidate passages. */
  readonly candidates: string;
  /** `weight`: inverse document frequency times the term's share in the question. */
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** Mean number of terms per passage. */
  readonly meanTermCount: number;
  readonly limit: number;
};

export type FoundPassage = Omit<RetrievedPassage, 'rank'> & {
  readonly position: number;
  /** The contribution of each term to the passage's BM25 score, in the order of the terms. */
  readonly parts: readonly number[];
  readonly externalShareConsent: boolean;
};

/** BM25's usual constants: term frequency saturation and length normalisation. */
const bm25 = { k1: 1.2, b: 0.75 } as const;

/**
 * @returns at most `limit` passages, best first, of current content that is neither removed nor expired, that the user
 *   may read, whose use is permitted, whose source is enabled, and that matches the filters
 */
export async function searchPassages(
  pool: Pool,
  { candidates, terms, meanTermCount, limit, ...reader }: PassageSearch,
): Promise<readonly FoundPassage[]> {
  const { rows } = await pool.query<FoundPassage>({
    name: `search-passages-${terms.length}`,
    text: statement(terms.length),
    values: [candidates, limit, ...saturation(meanTermCount), ...readableValues(reader), ...termValues(terms)],
  });
  return rows;
}

/** Reads passages by their ids, with what each term contributes, like {@link searchPassages}; the caller has checked the rights. */
export async function readFoundPassages(
  pool: Pool,
  ids: readonly string[],
  { terms, meanTermCount }: Pick<PassageSearch, 'terms' | 'meanTermCount'>,
): Promise<readonly FoundPassage[]> {
  const scores = terms.map((_, index) => termScore(4 + 2 * index));
  const { rows } = await pool.query<FoundPassage>({
    name: `read-found-passages-${terms.length}`,
    text: `
      select ${columns},
        (select array[${scores.join(', ')}]::float8[] from (
          select passage.terms, $2::float8 + $3::float8 * passage.term_count as saturation
        ) as candidate) as parts
      from passage
      join provenance using (content_id, content_type)
      where passage.id = any($1::uuid[]) and provenance.superseded_at is null and provenance.content_type <> 'ai_response'`,
    values: [ids, ...saturation(meanTermCount), ...termValues(terms)],
  });
  return rows;
}

function saturation(meanTermCount: number): readonly number[] {
  return [bm25.k1 * (1 - bm25.b), (bm25.k1 * bm25.b) / meanTermCount];
}

function termValues(terms: PassageSearch['terms']): readonly unknown[] {
  return terms.flatMap(({ term, weight }) => [`'${term}'`, weight * (bm25.k1 + 1)]);
}

const columns = `
  passage.id as "passageId", passage.content_id as "contentId", passage.content_type as "contentType",
  passage.title, passage.heading, passage.text, passage.page_number as "pageNumber",
  passage.start_seconds as "startSeconds",
  passage.paragraph_index as "paragraphIndex", passage.position, provenance.source_uri as "sourceUri",
  provenance.license_type as license, provenance.external_share_consent as "externalShareConsent"`;

// Spelled out term by term: a join with a list of terms costs five times as much as the scoring itself.
function statement(terms: number): string {
  const scores = Array.from({ length: terms }, (_, index) => termScore(5 + readableParameters + 2 * index));
  return `
    with best as (
      select id, provenance_id, terms, saturation, ${scores.join(' + ')} as score
      from (
        select
          passage.id, passage.terms, provenance.id as provenance_id,
          $3::float8 + $4::float8 * passage.term_count as saturation
        from passage
        join provenance using (content_id, content_type)
        where passage.terms @@ $1::tsquery
          and ${readable(5)}
        offset 0
      ) as candidate
      order by score desc, id
      limit $2
    )
    select
      ${columns},
      (select array[${scores.join(', ')}] from (select best.terms, best.saturation) as candidate) as parts
    from best
    join passage on passage.id = best.id
    join provenance on provenance.id = best.provenance_id
    order by best.score desc, best.id`;
}

/**
 * BM25 of one term: n/(n + saturation) for n occurrences, which is 1 - saturation/(n + saturation). ts_rank of one term
 * with equal weights is (1 + 1/4 + … + 1/n²) / 1.64493406685; that sum differs from its limit π²/6 by about 1/(n +
 * 1/2), which yields n exactly, for as many positions as a tsvector keeps. Nothing else in core PostgreSQL looks up one
 * term in a tsvector without unnesting all the others.
 */
function termScore(parameter: number): string {
  const remainder = `(1.6449340668482264::float8 - 1.64493406685::float8 * ts_rank('{1,1,1,1}', terms, $${parameter}::tsquery))`;
  return `$${parameter + 1}::float8 * (1 - saturation / (round(1 / ${remainder} - 0.5) + saturation))`;
}
