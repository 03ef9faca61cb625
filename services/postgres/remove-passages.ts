/** Deletes a content's passages and takes them out of the corpus's counts. */
import type { ClientBase } from 'pg';
import type { ContentType } from '../provenance/content.ts';

/**
 * Call it under `lockPassageCorpus`.
 * @returns how many passages there were
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
