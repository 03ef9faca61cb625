/** Finds the days that have no row, or one that was computed before the day was over. */
import type { Pool } from 'pg';
import type { Day } from '../rollup/day.ts';
import type { Gaps } from '../rollup/due-days.ts';

/**
 * Days whose dialogues retention has deleted are over and done with, whatever row they have.
 * @param yesterday the last day that is over
 */
export async function readRollupGaps(pool: Pool, yesterday: Day): Promise<Gaps> {
  const { rows } = await pool.query<Gaps>({
    name: 'rollup-gaps',
    text: `
      with first as (
        select (greatest(
          least((select min(created_at) from ai_dialogue_log), (select min(at) from chat_failure)),
          (select max(deleted_before) from dialogue_retention_run where ai_dialogue_log > 0)
        ) at time zone 'Asia/Tokyo')::date as day
      )
      select
        to_char(day, 'YYYY-MM-DD') as "firstDay",
        array(
          select to_char(due, 'YYYY-MM-DD')
          -- Timestamps without a time zone: the session's must not matter.
          from generate_series(least(day, $1::date)::timestamp, $1::date::timestamp, interval '1 day') as due
          where not exists (
            select from rag_metrics_history
            where date = due::date and created_at >= (due + interval '1 day') at time zone 'Asia/Tokyo'
          )
          order by due
        ) as missing
      from first`,
    values: [yesterday],
  });
  const gaps = rows[0];
  if (gaps === undefined) throw new Error('an aggregate without groups gave no row');
  return gaps;
}
