/** Finds the worst answers, in the same order as the answer quality dashboard. */
import type { Pool } from 'pg';
import { addDays, dayOf, startOf } from '../../rollup/day.ts';

/** Without the text, which operators must not see. */
export type WorstAnswer = {
  readonly id: string;
  readonly service: string;
  readonly answeredAt: Date;
  /** Null: no vote, or withdrawn. */
  readonly vote: -1 | 1 | null;
  /** Percent of its sentences with a valid citation; null: unknown. */
  readonly citationRate: number | null;
  /** Null: not judged. */
  readonly relevance: number | null;
  readonly latencyMs: number | null;
  /** Null: not priced. */
  readonly costJpy: number | null;
  readonly model: string | null;
  readonly traceId: string | null;
};

/** Only the latest answers are considered, about two days' worth, because each is read in full while a page waits. */
const maxConsidered = 20_000;

/**
 * Reads answers by the index on created_at.
 * @param days up to and including `now`'s, in Asia/Tokyo
 * @param service null: of all services
 */
export async function findWorstAnswers(
  pool: Pool,
  { days, limit, service, now }: { days: number; limit: number; service: string | null; now: Date },
): Promise<readonly WorstAnswer[]> {
  const { rows } = await pool.query<WorstAnswer>({
    name: 'worst-answers',
    text: `
      select
        id, service, created_at as "answeredAt", nullif(user_feedback, 0) as vote, citation_rate::float8 as "citationRate",
        relevance_score::float8 as relevance, latency_ms as "latencyMs", token_cost_jpy::float8 as "costJpy",
        model_used as model, trace_id as "traceId"
      from (
        select
          id, service, created_at, user_feedback, citation_rate, relevance_score, latency_ms, token_cost_jpy, model_used, trace_id
        from ai_dialogue_log
        where created_at >= $1 and outcome = 'answered' and ($4::text is null or service = $4)
        order by created_at desc
        limit $2
      ) as latest
      order by
        coalesce(user_feedback, 0) = -1 desc, coalesce(citation_rate, 100) = 0 desc, relevance_score nulls last,
        latency_ms desc nulls last, id
      limit $3`,
    values: [startOf(addDays(dayOf(now), 1 - days)), maxConsidered, limit, service],
  });
  return rows;
}
