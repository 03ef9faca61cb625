/** Reads the comparison of the latest day that was compared. */
import type { Pool } from 'pg';
import type { Reconciliation } from '../rollup/reconciliation.ts';

/** @returns null: no day has been compared yet */
export async function latestReconciliation(pool: Pool): Promise<Reconciliation | null> {
  const { rows } = await pool.query<Reconciliation>({
    name: 'latest-reconciliation',
    text: `
      select
        to_char(day, 'YYYY-MM-DD') as day,
        case when answers_counted is not null then
          json_build_object('answers', answers_counted, 'failures', failures_counted, 'cost', cost_counted_jpy)
        end as counted,
        json_build_object('answers', answers_stored, 'failures', failures_stored, 'cost', cost_stored_jpy::float8) as stored,
        erased_answers as "erasedAnswers",
        unwatched_seconds as "unwatchedSeconds"
      from rag_reconciliation
      order by rag_reconciliation.day desc
      limit 1`,
  });
  return rows[0] ?? null;
}
