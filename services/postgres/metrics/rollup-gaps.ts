/** Finds days without a rollup. */
import type { Pool } from 'pg';
import type { Day } from '../../rollup/day.ts';
import type { Gaps } from '../../rollup/due-days.ts';

/**
 * Finds the first day before `before` that has dialogues but no rollup. Days that retention has deleted from count as
 * rolled up: dialogues found there arrived later and cannot be added to their rows.
 * @param before the first instant of a day in Asia/Tokyo
 * @returns null if all days are rolled up
 */
export async function firstUnrolledDay(pool: Pool, before: Date): Promise<Day | null> {
  const { rows } = await pool.query<{ day: Day | null }>({
    name: 'first-unrolled-day',
    text: `
      with recursive day as (
        -- From one day with dialogues to the next: one index lookup per day, however many dialogues there are.
        select (min(created_at) at time zone 'Asia/Tokyo')::date as day from ai_dialogue_log
        where created_at < $1 and created_at >= coalesce(
          (select max(deleted_before) from dialogue_retention_run where ai_dialogue_log > 0), '-infinity'
        )
        union all
        select (
          (select min(created_at) from ai_dialogue_log
            where created_at >= (day.day + 1)::timestamp at time zone 'Asia/Tokyo' and created_at < $1
          ) at time zone 'Asia/Tokyo')::date
        from day where day.day is not null
      )
      select min(day) as day from day
      where day is not null and not exists (
        select from rag_metrics_history
        where date = day.day and created_at >= (day.day + 1)::timestamp at time zone 'Asia/Tokyo'
      )`,
    values: [before],
  });
  return rows[0]?.day ?? null;
}

/**
 * Finds the days without a row, or with one computed before the day ended. Days whose dialogues retention has deleted
 * are never among them.
 * @param yesterday the last complete day
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
          -- Timestamps without a time zone, so that the session's does not matter.
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
  if (gaps === undefined) throw new Error('an aggregate query returned no row');
  return gaps;
}
