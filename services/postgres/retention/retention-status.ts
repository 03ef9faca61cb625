/** Reads the state of retention and verification, for the worker's metrics. */
import type { Pool } from 'pg';
import { verificationStatuses } from '../../provenance/verification.ts';
import type { RetentionStatus } from '../../retention/retention-status.ts';

/**
 * Counts citations, in answers since `since`, of content that had expired or been removed before the question: it
 * verifies that the search never returns such content. Content that expires during the answer does not count.
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
  if (row === undefined) throw new Error('an aggregate query returned no row');
  return row.citations;
}

const maxDialogues = 100_000;

/**
 * @param expiredBefore content that expired before this instant and still exists is overdue
 * @param askedBefore dialogues from before this instant are overdue; null: dialogues are kept
 */
export async function readRetentionStatus(
  pool: Pool,
  { expiredBefore, askedBefore }: { expiredBefore: Date; askedBefore: Date | null },
): Promise<Omit<RetentionStatus, 'expiredCitations'>> {
  const { rows } = await pool.query<
    Omit<RetentionStatus, 'contents' | 'expiredCitations'> & { contents: Record<string, number> }
  >({
    name: 'retention-status',
    text: `
      with content as (
        select
          case when last_verified_at is null then 'never' when verification_status = any($4) then verification_status
            else 'other' end as status,
          count(*) as contents, min(last_verified_at) as oldest
        from provenance
        where superseded_at is null and removed_at is null and content_type <> 'ai_response'
        group by 1
      )
      select
        (select count(*) from provenance
          where retention_years is not null and expires_at < $1 and removed_at is null and content_type <> 'ai_response'
        ) as "overdueContent",
        (select count(*) from (select from ai_dialogue_log where created_at < $2 limit $3) as old) as "overdueDialogues",
        coalesce((select jsonb_object_agg(status, contents) from content), '{}') as contents,
        (select min(oldest) from content) as "oldestVerification"`,
    values: [expiredBefore, askedBefore, maxDialogues, [...verificationStatuses]],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate query returned no row');
  const none = Object.fromEntries([...verificationStatuses, 'never', 'other'].map((status) => [status, 0]));
  return { ...row, contents: { ...none, ...row.contents } as RetentionStatus['contents'] };
}
