/** Writes a content's passages and adds them to the corpus's counts. */
import type { ClientBase } from 'pg';
import type { ContentType, Passage } from '../provenance/content.ts';

/** A passage with the terms it is found by. */
export type IndexedPassage = Passage & {
  /** A tsvector's text. */
  readonly terms: string;
  /** Repetitions counted. */
  readonly termCount: number;
};

/** Call it under `lockPassageCorpus`. */
export async function insertPassages(
  client: ClientBase,
  { contentId, contentType }: { contentId: string; contentType: ContentType },
  passages: readonly IndexedPassage[],
): Promise<void> {
  await client.query({
    name: 'insert-passages',
    text: `
      with given as materialized (
        select position, paragraph_index, page_number, start_seconds, title, heading, text, terms::tsvector as terms, term_count
        from jsonb_to_recordset($3::jsonb) as given(
          position integer, paragraph_index integer, page_number integer, start_seconds integer, title text, heading text, text text,
          terms text, term_count integer
        )
      ), written as (
        insert into passage (
          content_id, content_type, position, paragraph_index, page_number, start_seconds, title, heading, text, terms, term_count
        )
        select $1, $2, position, paragraph_index, page_number, start_seconds, title, heading, text, terms, term_count from given
      ), counted as (
        update passage_corpus set
          passages = passages + (select count(*) from given),
          term_count = term_count + (select coalesce(sum(term_count), 0) from given)
      )
      insert into passage_term (term, passages)
      select lexeme, count(*) from given, unnest(terms) group by lexeme
      on conflict (term) do update set passages = passage_term.passages + excluded.passages`,
    values: [
      contentId,
      contentType,
      JSON.stringify(
        passages.map((passage) => ({
          position: passage.position,
          paragraph_index: passage.paragraphIndex,
          page_number: passage.pageNumber,
          start_seconds: passage.startSeconds,
          title: passage.title,
          heading: passage.heading,
          text: passage.text,
          terms: passage.terms,
          term_count: passage.termCount,
        })),
      ),
    ],
  });
}
