/** Records in call_cost what calls of a model cost that gave no answer. */
import type { Pool } from 'pg';
import type { Usage } from '../../chat/turn.ts';

export type CallCost = {
  readonly at: Date;
  readonly kind: 'failed' | 'retried' | 'aborted' | 'judge';
  readonly model: string;
  readonly usage: Usage;
  /** Yen; null: the model has no price. */
  readonly costJpy: number | null;
};

export async function insertCallCost(pool: Pool, { at, kind, model, usage, costJpy }: CallCost): Promise<void> {
  await pool.query({
    name: 'insert-call-cost',
    text: `
      insert into call_cost (at, kind, model, prompt_tokens, cached_prompt_tokens, completion_tokens, cost_jpy)
      values ($1, $2, left($3, 100), $4, $5, $6, $7)`,
    values: [at, kind, model, usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens, costJpy],
  });
}
