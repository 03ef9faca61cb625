/** Reads what retention still has to do, for metrics. */
import type { Pool } from 'pg';
import { verificationStatuses } from '../../provenance/verification.ts';
import type { RetentionStatus } from '../../retention/retention-status.ts';

/**
 * Counts citations of what should not have been found any more: the search is checked by what it led to.
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

const mostDialogues = 100_000;

/**
 * Reads what is overdue for retention and how verification stands: the source of the worker's metrics.
 * @param given.expiredBefore content that expired before this and is still there is overdue
 * @param given.askedBefore dialogues from before this are overdue; null: dialogues are kept
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
    values: [expiredBefore, askedBefore, mostDialogues, [...verificationStatuses]],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate without groups gave no row');
  const none = Object.fromEntries([...verificationStatuses, 'never', 'other'].map((status) => [status, 0]));
  return { ...row, contents: { ...none, ...row.contents } as RetentionStatus['contents'] };
}
