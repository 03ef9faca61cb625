/** The reply to a question, as clients see it. */
import { z } from 'zod';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { licenses } from '../../provenance/license.ts';

export const citation = z.object({
  source: z.string(),
  sourceType: z.enum(['note', 'material', 'document', 'web']),
  excerpt: z.string().meta({ description: 'Text that the source is said to contain.' }),
  confidence: z.number().meta({ description: '0 to 1.' }),
  timestamp: z.string().meta({ description: 'ISO 8601, when the citation was made.' }),
  pageNumber: z.int().optional().meta({ description: 'From 1.' }),
  startSeconds: z.int().optional().meta({ description: 'Second of the recording at which the cited passage begins.' }),
  paragraphIndex: z.int().optional().meta({ description: 'From 0.' }),
  valid: z.boolean().nullable().optional().meta({
    description: 'Whether the passage contains the excerpt. Null: not judged. Absent: valid.',
  }),
  url: z.string().optional().meta({ description: 'Where a browser opens the source; a recording at startSeconds.' }),
  contentId: z.string().optional(),
  passageId: z.string().optional(),
});

export const reply = z.object({
  id: z.guid(),
  sessionId: z.guid(),
  answer: z.string().meta({ description: 'With marks [1], [2]… that point into citations, from 1.' }),
  citations: z.array(citation).readonly(),
  citationRate: z.number().nullable().meta({
    description: 'Percent of the judged sentences that have a valid citation. Null: none could be judged.',
  }),
  model: z.string(),
  usage: z
    .object({
      promptTokens: z.int().nullable(),
      completionTokens: z.int().nullable(),
      totalTokens: z.int().nullable(),
    })
    .meta({ description: "Null: the model's server did not tell." }),
  costJpy: z.number().nullable().meta({ description: 'Yen. Null: the model has no price.' }),
  latencyMs: z.int(),
  relevanceScore: z.number().nullable().meta({ description: '0 to 1. Null: not judged.' }),
  traceId: z.string().nullable(),
  outcome: z.enum(['answered', 'no_answer']),
  finishReason: z.string().nullable().meta({
    description: 'Why the model stopped: stop, length (the answer is truncated) or another word. Null: not known.',
  }),
  license: z.enum(licenses).nullable().meta({ description: 'Under which the answer may be reused. Null: no sources.' }),
  withheld: z.int().meta({ description: 'Passages that matched and may not be shown to a remote model.' }),
});

export type Reply = z.output<typeof reply>;

export function replyOf(turn: AnsweredTurn): Reply {
  return {
    id: turn.id,
    sessionId: turn.sessionId,
    answer: turn.answer,
    citations: turn.citations,
    citationRate: turn.citationRate,
    model: turn.model,
    usage: {
      promptTokens: turn.usage?.promptTokens ?? null,
      completionTokens: turn.usage?.completionTokens ?? null,
      totalTokens: turn.usage?.totalTokens ?? null,
    },
    costJpy: turn.costJpy,
    latencyMs: turn.latencyMs,
    relevanceScore: turn.relevanceScore,
    traceId: turn.traceId,
    outcome: turn.outcome,
    finishReason: turn.finishReason,
    license: turn.license,
    withheld: turn.withheld,
  };
}
