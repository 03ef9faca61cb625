/** The columns of a dialogue that its owner sees. */

import type { Citation } from '../../chat/turn.ts';
import type { License } from '../../provenance/license.ts';

/** A `select` list over `ai_dialogue_log dialogue`; numeric columns are cast to float8, which is a JSON number. */
export const dialogueColumns = `
  dialogue.id,
  dialogue.session_id as "sessionId",
  dialogue.query,
  dialogue.response as answer,
  coalesce(dialogue.citations, '[]'::jsonb) as citations,
  dialogue.citation_rate::float8 as "citationRate",
  dialogue.model_used as model,
  jsonb_build_object(
    'promptTokens', dialogue.prompt_tokens,
    'completionTokens', dialogue.completion_tokens,
    'totalTokens', dialogue.total_tokens
  ) as usage,
  dialogue.token_cost_jpy::float8 as "costJpy",
  dialogue.latency_ms as "latencyMs",
  dialogue.relevance_score::float8 as "relevanceScore",
  dialogue.trace_id as "traceId",
  dialogue.outcome,
  dialogue.finish_reason as "finishReason",
  (
    -- With "order by … limit 1" a planner without statistics scans the primary key instead, once per dialogue.
    select (array_agg(provenance.license_type order by provenance.id))[1]
    from provenance where provenance.dialogue_id = dialogue.id
  ) as license,
  dialogue.withheld,
  dialogue.user_feedback as vote,
  dialogue.created_at as "askedAt"`;

/** Null: unknown, in rows written by other programs. */
export type DialogueRow = {
  readonly id: string;
  readonly sessionId: string;
  readonly query: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly citationRate: number | null;
  readonly model: string;
  readonly usage: {
    readonly promptTokens: number | null;
    readonly completionTokens: number | null;
    readonly totalTokens: number | null;
  };
  readonly costJpy: number | null;
  readonly latencyMs: number | null;
  readonly relevanceScore: number | null;
  readonly traceId: string | null;
  readonly outcome: 'answered' | 'no_answer' | 'chitchat';
  readonly finishReason: string | null;
  readonly license: License | null;
  readonly withheld: number;
  readonly vote: -1 | 0 | 1 | null;
  readonly askedAt: Date;
};
