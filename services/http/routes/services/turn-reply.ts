/** The reply to a recorded external turn: what was found out about it. */
import { z } from 'zod';
import type { ExternalTurnRecord } from '../../../intake/external-turn.ts';
import { licenses } from '../../../provenance/license.ts';
import { citation } from '../../api/chat-reply.ts';
import { type Problem, problemDocument } from '../../api/problem.ts';

export const turnReply = z.object({
  id: z.guid().meta({
    description: 'The key of its row. POST /api/turns/{id}/feedback accepts it, your own id and the trace id.',
  }),
  state: z.enum(['recorded', 'repeated', 'erased']).meta({
    description:
      'repeated: it was recorded before and is unchanged, except for its feedback. erased: its user was erased meanwhile; nothing was stored.',
  }),
  outcome: z.enum(['answered', 'no_answer', 'chitchat', 'failed', 'aborted', 'rejected']),
  answer: z
    .string()
    .nullable()
    .meta({ description: 'With marks [1], [2] … that refer to citations. Null: it failed.' }),
  citations: z.array(citation).readonly(),
  citationRate: z.number().nullable().meta({
    description: 'Percent of the judged sentences with a valid citation. Null: none could be judged.',
  }),
  attributed: z.boolean().meta({
    description: 'true: the answer has no marks, so its sentences were compared with the documents.',
  }),
  notJudged: z.array(z.string()).readonly().meta({
    description:
      'Why something was not judged: documents_missing, documents_without_text, documents_dropped, answer_truncated, other_language.',
  }),
  expiredDocuments: z.array(z.string()).readonly().meta({
    description: 'Cited documents that may no longer be used, according to the register.',
  }),
  license: z.enum(licenses).nullable().meta({ description: 'For reusing the answer. Null: no cited documents.' }),
  costJpy: z
    .number()
    .nullable()
    .meta({ description: 'By the price book of this server. Null: a call has no price or no usage.' }),
  scores: z.object({ relevance: z.number().nullable().meta({ description: '0 to 1. Null: not scored.' }) }),
  failure: z.object({ stage: z.string(), code: z.string() }).nullable(),
  traceId: z.string().nullable(),
});

export type TurnReply = z.output<typeof turnReply>;

export const turnReplies = z.object({
  turns: z
    .array(z.union([turnReply, z.object({ error: problemDocument })]))
    .meta({ description: 'In the order of the request.' }),
  recorded: z.int(),
  repeated: z.int(),
  refused: z.int().meta({ description: 'Turns with an error, which were not stored. Status 207 if there are any.' }),
});

export type TurnReplies = z.output<typeof turnReplies>;

export function turnReplyOf({ state, turn, attributed, notJudged, expired }: ExternalTurnRecord): TurnReply {
  const common = {
    id: turn.id,
    state,
    outcome: turn.outcome,
    attributed,
    notJudged,
    expiredDocuments: expired,
    traceId: turn.traceId,
  };
  if ('failure' in turn) {
    const unknown = { answer: null, citations: [], citationRate: null, license: null, costJpy: null };
    return { ...common, ...unknown, scores: { relevance: null }, failure: { ...turn.failure } };
  }
  const { answer, citations, citationRate, license, costJpy, relevanceScore } = turn;
  const scores = { relevance: relevanceScore };
  return { ...common, answer, citations, citationRate, license, costJpy, scores, failure: null };
}

export function repliesOf(results: readonly (ExternalTurnRecord | Problem)[], traceId: string | null): TurnReplies {
  const records = results.filter((result) => 'state' in result);
  const repeated = records.filter(({ state }) => state === 'repeated').length;
  return {
    turns: results.map((result) => ('state' in result ? turnReplyOf(result) : { error: result.document(traceId) })),
    recorded: records.filter(({ state }) => state === 'recorded').length,
    repeated,
    refused: results.length - records.length,
  };
}
