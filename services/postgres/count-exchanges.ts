/** Counts the answers, failures and yen of a period that are stored, as the chat servers' counters count them. */
import type { Pool } from 'pg';
import type { Counts } from '../rollup/reconciliation.ts';

export type StoredPeriod = { readonly stored: Counts; readonly erasedAnswers: number };

/**
 * A question whose asker was told of a failure is a failure here, although its row may be there all the same; and rows that
 * were there before a database was adopted, which do not tell of citations, are nobody's answers.
 * @param from the first instant of the period
 * @param to the first instant after it
 */
export async function countExchanges(pool: Pool, { from, to }: { from: Date; to: Date }): Promise<StoredPeriod> {
  const { rows } = await pool.query<Counts & { erased: number }>({
    name: 'count-exchanges',
    text: `
      with answer as (
        select token_cost_jpy
        from ai_dialogue_log
        where created_at >= $1 and created_at < $2 and citations is not null
          and not exists (select from chat_failure where chat_failure.id = ai_dialogue_log.id)
      )
      select
        count(*)::integer as answers,
        coalesce(sum(token_cost_jpy), 0)::float8 as cost,
        (select count(*)::integer from chat_failure where at >= $1 and at < $2 and failure <> 'cancelled') as failures,
        (select coalesce(sum((counts ->> 'ai_dialogue_log')::integer), 0)::integer
          from erasure_receipt where erased_at >= $1) as erased
      from answer`,
    values: [from, to],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate without groups gave no row');
  const { erased, ...stored } = row;
  return { stored, erasedAnswers: erased };
}
