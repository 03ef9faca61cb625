/** Statements on the passage table and its term statistics. */
import type { ClientBase } from 'pg';
import type { ContentType, Passage } from '../../provenance/content.ts';

/** A passage with its search terms. */
export type IndexedPassage = Passage & {
  /** The text of a tsvector. */
  readonly terms: string;
  /** With repetitions. */
  readonly termCount: number;
};

/** Writes a document's passages and adds them to the term statistics. Call it under `lockPassageCorpus`. */
export async function insertPassages(
  client: ClientBase,
  { contentId, contentType }: { contentId: string; contentType: ContentType },
  passages: readonly IndexedPassage[],
): Promise<void> {
  await client.query({
    name: 'insert-passages',
    text: `
      with input as materialized (
        select position, paragraph_index, page_number, start_seconds, title, heading, text, terms::tsvector as terms, term_count
        from jsonb_to_recordset($3::jsonb) as input(
          position integer, paragraph_index integer, page_number integer, start_seconds integer, title text, heading text, text text,
          terms text, term_count integer
        )
      ), written as (
        insert into passage (
          content_id, content_type, position, paragraph_index, page_number, start_seconds, title, heading, text, terms, term_count
        )
        select $1, $2, position, paragraph_index, page_number, start_seconds, title, heading, text, terms, term_count from input
      ), counted as (
        update passage_corpus set
          passages = passages + (select count(*) from input),
          term_count = term_count + (select coalesce(sum(term_count), 0) from input)
      )
      insert into passage_term (term, passages)
      select lexeme, count(*) from input, unnest(terms) group by lexeme
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

/**
 * Serialises passage writes until the transaction ends. Every writer takes this lock before any other, so writers
 * cannot deadlock on the shared term counts.
 */
export async function lockPassageCorpus(client: ClientBase): Promise<void> {
  await client.query('select from passage_corpus for update');
}

/**
 * Deletes a document's passages and subtracts them from the term statistics. Call it under `lockPassageCorpus`.
 * @returns the number of deleted passages
 */
export async function removePassages(
  client: ClientBase,
  { contentId, contentType }: { contentId: string; contentType: ContentType },
): Promise<number> {
  const { rows } = await client.query<{ removed: number }>({
    name: 'remove-passages',
    text: `
      with removed as (
        delete from passage where content_id = $1 and content_type = $2 returning terms, term_count
      ), held as (
        select lexeme as term, count(*)::integer as passages from removed, unnest(terms) group by lexeme
      ), emptied as (
        delete from passage_term using held
        where passage_term.term = held.term and passage_term.passages = held.passages
      ), lowered as (
        update passage_term set passages = passage_term.passages - held.passages
        from held
        where passage_term.term = held.term and passage_term.passages <> held.passages
      ), counted as (
        update passage_corpus set
          passages = passages - (select count(*) from removed),
          term_count = term_count - (select coalesce(sum(term_count), 0) from removed)
        where exists (select from removed)
      )
      select count(*)::integer as removed from removed`,
    values: [contentId, contentType],
  });
  return rows[0]?.removed ?? 0;
}
