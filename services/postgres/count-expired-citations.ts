/** Counts citations of what should not have been found any more: the search is checked by what it led to. */
import type { Pool } from 'pg';

/**
 * Citations, in answers to questions asked since `since`, of content that had expired or been removed before the question. Content
 * that expires while the answer is written is not counted.
 */
export async function countExpiredCitations(pool: Pool, since: Date): Promise<number> {
  const { rows } = await pool.query<{ citations: number }>({
    name: 'count-expired-citations',
    text: `
      select count(*)::integer as citations
      from ai_dialogue_log as asked
      cross join lateral jsonb_array_elements(
        case when jsonb_typeof(citations) = 'array' then citations end
      ) as cited (citation)
      where created_at >= $1
        and exists (
          select from provenance
          where content_id = case
              when citation ->> 'contentId' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (citation ->> 'contentId')::uuid
            end
            and content_type <> 'ai_response'
            and acquired_at <= asked.created_at
            and (superseded_at is null or superseded_at > asked.created_at)
            and (expires_at <= asked.created_at or removed_at <= asked.created_at)
        )`,
    values: [since],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate without groups gave no row');
  return row.citations;
}
