/** Writes answered turns with their provenance rows, all of them or none, in one statement. */
import type { Pool } from 'pg';
import type { AnsweredTurn } from '../chat/turn.ts';
import { storable } from './storable-text.ts';

/**
 * A turn that is there already is left as it is, so the same turns may be sent again after a lost connection: the ids
 * decide. No conflict target and no `returning`, because the recorder's role may insert and nothing else.
 */
export async function insertTurns(pool: Pool, turns: readonly AnsweredTurn[]): Promise<void> {
  await pool.query({ name: 'insert-turns', text: statement, values: [JSON.stringify(turns.map(row))] });
}

const statement = `
with turn as materialized (
  select * from jsonb_to_recordset($1::jsonb) as turn(
    id uuid, user_id uuid, session_id uuid, query text, response text, model_used text, citations jsonb,
    latency_ms integer, token_cost_jpy numeric, citation_rate numeric, prompt_tokens integer, completion_tokens integer,
    total_tokens integer, relevance_score numeric, context_window_size integer, temperature numeric,
    outcome dialogue_outcome, trace_id text, withheld integer, created_at timestamptz,
    provenance_id uuid, license_type license_type
  )
), dialogue as (
  insert into ai_dialogue_log (
    id, user_id, session_id, query, response, model_used, citations, latency_ms, token_cost_jpy, citation_rate,
    prompt_tokens, completion_tokens, total_tokens, relevance_score, context_window_size, temperature, outcome,
    trace_id, withheld, created_at, updated_at
  )
  select
    id, user_id, session_id, query, response, model_used, citations, latency_ms, token_cost_jpy, citation_rate,
    prompt_tokens, completion_tokens, total_tokens, relevance_score, context_window_size, temperature, outcome,
    trace_id, withheld, created_at, created_at
  from turn
  on conflict do nothing
)
insert into provenance (
  id, content_id, content_type, license_type, acquisition_method, permission_flag, hash_sha256, acquired_at,
  verification_status
)
select
  provenance_id, id, 'ai_response', license_type, 'ai_generated', true,
  encode(sha256(convert_to(response, 'UTF8')), 'hex'), created_at, 'verified'
from turn
on conflict do nothing`;

function row(turn: AnsweredTurn) {
  return {
    id: turn.id,
    user_id: turn.userId,
    session_id: turn.sessionId,
    query: storable(turn.query),
    response: storable(turn.answer),
    model_used: storable(turn.model.slice(0, 100)),
    citations: turn.citations.map((citation) => ({
      ...citation,
      source: storable(citation.source),
      excerpt: storable(citation.excerpt),
    })),
    latency_ms: turn.latencyMs,
    token_cost_jpy: turn.costJpy,
    citation_rate: turn.citationRate,
    prompt_tokens: turn.usage?.promptTokens ?? null,
    completion_tokens: turn.usage?.completionTokens ?? null,
    total_tokens: turn.usage?.totalTokens ?? null,
    relevance_score: turn.relevanceScore,
    context_window_size: turn.contextWindowSize,
    temperature: turn.temperature,
    outcome: turn.outcome,
    trace_id: turn.traceId,
    withheld: turn.withheld,
    created_at: turn.askedAt.toISOString(),
    provenance_id: provenanceId(turn.id),
    license_type: turn.license,
  };
}

/**
 * The key of the provenance row follows from the dialogue's, so that a repeated write finds its own row. Flipping one
 * bit of the random part keeps the time order and the version.
 */
function provenanceId(dialogueId: string): string {
  const last = Number.parseInt(dialogueId.slice(-1), 16) ^ 1;
  return dialogueId.slice(0, -1) + last.toString(16);
}
