/** Inserts answered turns with their provenance rows in one statement, all or none. */
import type { Pool } from 'pg';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { storable, textArray } from '../client/encoding.ts';
import { isUniqueViolation } from '../client/errors.ts';

/**
 * Existing turns, by id, are left unchanged, so that the same turns may be sent again after a lost connection. The
 * statement has no conflict target and no `returning`, because the recorder's role may only insert.
 *
 * Conflict handling costs a tenth of the statement and is needed only after a lost connection, so it is used in a
 * second attempt only.
 */
export async function insertTurns(pool: Pool, turns: readonly AnsweredTurn[]): Promise<void> {
  const values = columns.map(({ value }) => textArray(turns.map(value)));
  try {
    await pool.query({ name: 'insert-turns', text: first, values });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    await pool.query({ name: 'insert-turns-again', text: again, values });
  }
}

type Column = {
  readonly name: string;
  readonly type: string;
  /** As text; the database rejects values that do not fit the type. */
  readonly value: (turn: AnsweredTurn) => string | null;
};

const columns: readonly Column[] = [
  { name: 'id', type: 'uuid', value: (turn) => turn.id },
  { name: 'user_id', type: 'uuid', value: (turn) => turn.userId },
  { name: 'session_id', type: 'uuid', value: (turn) => turn.sessionId },
  { name: 'query', type: 'text', value: (turn) => storable(turn.query) },
  { name: 'response', type: 'text', value: (turn) => storable(turn.answer) },
  { name: 'model_used', type: 'text', value: (turn) => storable(turn.model.slice(0, 100)) },
  { name: 'citations', type: 'jsonb', value: citations },
  { name: 'latency_ms', type: 'integer', value: (turn) => number(turn.latencyMs) },
  { name: 'token_cost_jpy', type: 'numeric', value: (turn) => number(turn.costJpy) },
  { name: 'citation_rate', type: 'numeric', value: (turn) => number(turn.citationRate) },
  { name: 'prompt_tokens', type: 'integer', value: (turn) => number(turn.usage?.promptTokens) },
  { name: 'completion_tokens', type: 'integer', value: (turn) => number(turn.usage?.completionTokens) },
  { name: 'total_tokens', type: 'integer', value: (turn) => number(turn.usage?.totalTokens) },
  { name: 'relevance_score', type: 'numeric', value: (turn) => number(turn.relevanceScore) },
  {
    name: 'quality',
    type: 'jsonb',
    value: ({ quality = {} }) => (Object.keys(quality).length === 0 ? null : JSON.stringify(quality)),
  },
  { name: 'context_window_size', type: 'integer', value: (turn) => number(turn.contextWindowSize) },
  { name: 'temperature', type: 'numeric', value: (turn) => number(turn.temperature) },
  { name: 'outcome', type: 'dialogue_outcome', value: (turn) => turn.outcome },
  {
    name: 'finish_reason',
    type: 'text',
    value: (turn) => turn.finishReason && storable(turn.finishReason.slice(0, 40)),
  },
  { name: 'trace_id', type: 'text', value: (turn) => turn.traceId },
  { name: 'withheld', type: 'integer', value: (turn) => number(turn.withheld) },
  { name: 'service', type: 'text', value: (turn) => turn.external?.service ?? 'rag-chat' },
  { name: 'release', type: 'text', value: (turn) => label(turn.external?.release) },
  { name: 'service_tenant', type: 'text', value: (turn) => label(turn.external?.tenant) },
  { name: 'attributed', type: 'boolean', value: (turn) => String(turn.external?.attributed ?? false) },
  { name: 'intake', type: 'jsonb', value: (turn) => intakeOf(turn) },
  { name: 'created_at', type: 'timestamptz', value: (turn) => turn.askedAt.toISOString() },
  { name: 'provenance_id', type: 'uuid', value: (turn) => provenanceId(turn.id) },
  { name: 'license_type', type: 'license_type', value: (turn) => turn.license },
];

const ofDialogue = columns
  .map(({ name }) => name)
  .filter((name) => name !== 'provenance_id' && name !== 'license_type')
  .join(', ');

function statement(conflict: '' | 'on conflict do nothing'): string {
  return `
    with turn as materialized (
      select ${columns.map(({ name, type }) => `${name}::${type}`).join(', ')}
      from unnest(${columns.map((_, index) => `$${index + 1}::text[]`).join(', ')})
        as turn(${columns.map(({ name }) => name).join(', ')})
    ), dialogue as (
      insert into ai_dialogue_log (${ofDialogue}, updated_at)
      select ${ofDialogue}, created_at
      from turn
      ${conflict}
    )
    insert into provenance (
      id, content_id, content_type, license_type, acquisition_method, permission_flag, hash_sha256, acquired_at,
      verification_status
    )
    select
      provenance_id, id, 'ai_response', license_type, 'ai_generated', true,
      encode(sha256(convert_to(response, 'UTF8')), 'hex'), created_at, 'verified'
    from turn
    ${conflict}`;
}

const first = statement('');
const again = statement('on conflict do nothing');

function citations(turn: AnsweredTurn): string {
  return JSON.stringify(
    turn.citations.map((citation) => ({
      ...citation,
      source: storable(citation.source),
      excerpt: storable(citation.excerpt),
    })),
  );
}

/** What other applications report; the names are ours, the values theirs. */
export function intakeOf({ external }: Pick<AnsweredTurn, 'external'>): string | null {
  return external === undefined ? null : storable(JSON.stringify(external.intake));
}

const longestLabel = 200;

export function label(text: string | null | undefined): string | null {
  return text ? storable(text.slice(0, longestLabel)) : null;
}

/** NaN and infinities become null, as in JSON. */
function number(value: number | null | undefined): string | null {
  return Number.isFinite(value) ? String(value) : null;
}

/**
 * Derives the provenance row's key from the dialogue's, so that a repeated write finds its own row. Flipping one bit of
 * the random part keeps the time order and the UUID version.
 */
function provenanceId(dialogueId: string): string {
  const last = Number.parseInt(dialogueId.slice(-1), 16) ^ 1;
  return dialogueId.slice(0, -1) + last.toString(16);
}
