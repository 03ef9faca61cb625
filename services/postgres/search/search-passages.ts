/** Finds the passages that say most about the terms of a question: exact BM25, computed where the passages lie. */
import type { Pool } from 'pg';
import type { Requester, RetrievedPassage, SearchFilters } from '../../chat/retrieve.ts';
import { licensesThatGrantUse } from '../../provenance/may-use.ts';

type PassageSearch = {
  /** A tsquery's text: which passages are looked at. */
  readonly candidates: string;
  /** `weight`: inverse document frequency times the term's part in the question. */
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** Terms of a passage at the mean. */
  readonly meanTermCount: number;
  /** Content whose access policy does not let them read is not found. */
  readonly requester: Pick<Requester, 'groups' | 'country' | 'ip'>;
  /** Content that nobody granted this use of is not found. */
  readonly commercialUse: boolean;
  readonly filters: SearchFilters | null;
  /** Content that expires at this moment or before is not found. */
  readonly now: Date;
  readonly limit: number;
};

export type FoundPassage = Omit<RetrievedPassage, 'rank'> & {
  readonly position: number;
  /** What each of the terms adds to the passage's BM25 score, in the order asked. */
  readonly parts: readonly number[];
  readonly externalShareConsent: boolean;
};

/** BM25's usual constants: how fast repetition stops counting, and how much length is held against a passage. */
const bm25 = { k1: 1.2, b: 0.75 } as const;

/** @returns at most `limit` passages, best first; only content whose current version is neither removed nor expired, open to the requester, granted for use, of no source that is disabled, and within the filters */
export async function searchPassages(
  pool: Pool,
  { candidates, terms, meanTermCount, requester, commercialUse, filters, now, limit }: PassageSearch,
): Promise<readonly FoundPassage[]> {
  const { rows } = await pool.query<FoundPassage>({
    name: `search-passages-${terms.length}`,
    text: statement(terms.length),
    values: [
      candidates,
      now,
      limit,
      bm25.k1 * (1 - bm25.b),
      (bm25.k1 * bm25.b) / meanTermCount,
      requester.groups,
      requester.country,
      requester.ip,
      licensesThatGrantUse(commercialUse),
      filters?.sources ?? null,
      filters?.licenses ?? null,
      filters?.languages ?? null,
      filters?.contentTypes ?? null,
      filters?.from ?? null,
      filters?.before ?? null,
      ...terms.flatMap(({ term, weight }) => [`'${term}'`, weight * (bm25.k1 + 1)]),
    ],
  });
  return rows;
}

// Written out term by term: a join with a list of terms costs five times the scoring itself.
function statement(terms: number): string {
  const scores = Array.from({ length: terms }, (_, index) => termScore(16 + 2 * index));
  return `
    with best as (
      select id, provenance_id, terms, satiety, ${scores.join(' + ')} as score
      from (
        select
          passage.id, passage.terms, provenance.id as provenance_id,
          $4::float8 + $5::float8 * passage.term_count as satiety
        from passage
        join provenance using (content_id, content_type)
        where passage.terms @@ $1::tsquery
          and provenance.content_type <> 'ai_response'
          and provenance.superseded_at is null
          and provenance.removed_at is null
          and (provenance.expires_at is null or provenance.expires_at > $2)
          and (provenance.permission_flag or provenance.license_type = any($9::license_type[]))
          and (provenance.access_policy is null or rag_may_read(provenance.access_policy, $6, $7, $8, $2))
          and (provenance.source is null or provenance.source = any((select rag_enabled_sources())::text[]))
          and ($10::text[] is null or provenance.source = any($10))
          and ($11::license_type[] is null or provenance.license_type = any($11))
          and ($12::text[] is null or provenance.language = any($12) or split_part(provenance.language, '-', 1) = any($12))
          and ($13::content_type[] is null or provenance.content_type = any($13))
          and ($14::timestamptz is null or coalesce(provenance.published_at, provenance.acquired_at) >= $14)
          and ($15::timestamptz is null or coalesce(provenance.published_at, provenance.acquired_at) < $15)
        offset 0
      ) as candidate
      order by score desc, id
      limit $3
    )
    select
      passage.id as "passageId", passage.content_id as "contentId", passage.content_type as "contentType",
      passage.title, passage.heading, passage.text, passage.page_number as "pageNumber",
      passage.start_seconds as "startSeconds",
      passage.paragraph_index as "paragraphIndex", passage.position, provenance.source_uri as "sourceUri",
      provenance.license_type as license, provenance.external_share_consent as "externalShareConsent",
      (select array[${scores.join(', ')}] from (select best.terms, best.satiety) as candidate) as parts
    from best
    join passage on passage.id = best.id
    join provenance on provenance.id = best.provenance_id
    order by best.score desc, best.id`;
}

/**
 * BM25 of one term: n/(n + satiety) for n occurrences, which is 1 - satiety/(n + satiety). ts_rank of one term with equal
 * weights is (1 + 1/4 + … + 1/n²) / 1.64493406685; what that sum lacks to its limit π²/6 is about 1/(n + 1/2), so n follows
 * exactly, for as many places as a tsvector keeps. It is read this way because nothing else in core Postgres looks up one
 * term in a tsvector without unfolding all the others.
 */
function termScore(parameter: number): string {
  const lack = `(1.6449340668482264::float8 - 1.64493406685::float8 * ts_rank('{1,1,1,1}', terms, $${parameter}::tsquery))`;
  return `$${parameter + 1}::float8 * (1 - satiety / (round(1 / ${lack} - 0.5) + satiety))`;
}
