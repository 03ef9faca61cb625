/** Keeps a day's comparison, in place of an earlier one. */
import type { ClientBase, Pool } from 'pg';
import type { Reconciliation } from '../rollup/reconciliation.ts';

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
