/** Statements of the reconciliation of Prometheus's counters with the rows. */
import type { ClientBase, Pool } from 'pg';
import type { Counts, Reconciliation } from '../../rollup/reconciliation.ts';

type StoredPeriod = { readonly stored: Counts; readonly erasedAnswers: number };

/**
 * Counts the stored answers, failures and costs of a period as the chat servers' counters do: a turn whose caller
 * received a failure counts as failed even if its row exists, and rows from before the adoption, which have no
 * citations, do not count. A turn of another application is counted when it arrives, at most seven days after it was asked.
 * @param from the first instant of the period
 * @param to the first instant after it
 */
export async function countTurns(pool: Pool, { from, to }: { from: Date; to: Date }): Promise<StoredPeriod> {
  const { rows } = await pool.query<Counts & { erased: number }>({
    name: 'count-turns',
    text: `
      with answer as (
        select token_cost_jpy
        from ai_dialogue_log
        where created_at >= $1::timestamptz - interval '7 days' and created_at < $2 and citations is not null and outcome <> 'chitchat'
          and coalesce((intake ->> 'receivedAt')::timestamptz, created_at) >= $1
          and coalesce((intake ->> 'receivedAt')::timestamptz, created_at) < $2
          and not exists (select from chat_failure where chat_failure.id = ai_dialogue_log.id)
      )
      select
        count(*)::integer as answers,
        coalesce(sum(token_cost_jpy), 0)::float8 as cost,
        (
          select count(*)::integer from chat_failure
          where at >= $1::timestamptz - interval '7 days' and at < $2 and failure <> 'cancelled'
            and coalesce((intake ->> 'receivedAt')::timestamptz, at) >= $1
            and coalesce((intake ->> 'receivedAt')::timestamptz, at) < $2
        ) as failures,
        (select coalesce(sum((counts ->> 'ai_dialogue_log')::integer), 0)::integer
          from erasure_receipt where erased_at >= $1) as erased
      from answer`,
    values: [from, to],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate query returned no row');
  const { erased, ...stored } = row;
  return { stored, erasedAnswers: erased };
}

/** Reads the latest reconciled day; null: none yet. */
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

/** Inserts or replaces a day's reconciliation. */
export async function writeReconciliation(db: ClientBase | Pool, compared: Reconciliation): Promise<void> {
  const { day, counted, stored, erasedAnswers, unwatchedSeconds } = compared;
  await db.query({
    name: 'write-reconciliation',
    text: `
      insert into rag_reconciliation (
        day, answers_stored, failures_stored, cost_stored_jpy, answers_counted, failures_counted, cost_counted_jpy,
        erased_answers, unwatched_seconds
      )
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (day) do update set
        compared_at = now(), answers_stored = excluded.answers_stored, failures_stored = excluded.failures_stored,
        cost_stored_jpy = excluded.cost_stored_jpy, answers_counted = excluded.answers_counted,
        failures_counted = excluded.failures_counted, cost_counted_jpy = excluded.cost_counted_jpy,
        erased_answers = excluded.erased_answers, unwatched_seconds = excluded.unwatched_seconds`,
    values: [
      day,
      stored.answers,
      stored.failures,
      stored.cost,
      counted?.answers ?? null,
      counted?.failures ?? null,
      counted?.cost ?? null,
      erasedAnswers,
      unwatchedSeconds,
    ],
  });
}
