/** Keeps that a question failed, at which stage and why; never its text. */
import type { Pool } from 'pg';
import type { FailedTurn } from '../chat/turn.ts';

export async function insertFailure(pool: Pool, turn: FailedTurn): Promise<void> {
  await pool.query({
    name: 'insert-failure',
    text: `
      insert into chat_failure (id, at, stage, failure, model, trace_id)
      values ($1, $2, $3, $4, left($5, 100), $6)
      on conflict do nothing`,
    values: [turn.id, turn.askedAt, turn.failure.stage, turn.failure.code, turn.model, turn.traceId],
  });
}
