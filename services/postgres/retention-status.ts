/** Reads what is overdue for retention and how verification stands: the source of the worker's metrics. */
import type { Pool } from 'pg';
import { verificationStatuses } from '../provenance/verification.ts';
import type { RetentionStatus } from '../retention/retention-status.ts';

const mostDialogues = 100_000;

/**
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
