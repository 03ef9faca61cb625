/** The reply to a question. */
import { z } from 'zod';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { licenses } from '../../provenance/license.ts';

export const citation = z.object({
  source: z.string(),
  sourceType: z.enum(['note', 'material', 'document', 'web']),
  excerpt: z.string().meta({ description: 'Text quoted from the source.' }),
  confidence: z.number().meta({
    description:
      '0 to 1, calibrated: the probability that the excerpt supports the sentence. Without a model: that the quotation answers the question.',
  }),
  timestamp: z.string().meta({ description: 'ISO 8601, when the citation was made.' }),
  pageNumber: z.int().optional().meta({ description: 'From 1.' }),
  startSeconds: z.int().optional().meta({ description: 'Second of the recording at which the cited passage starts.' }),
  paragraphIndex: z.int().optional().meta({ description: 'From 0.' }),
  valid: z.boolean().nullable().optional().meta({
    description: 'Whether the excerpt was found in the passage. Null: not judged. Absent: valid.',
  }),
  url: z.string().optional().meta({ description: 'Web address of the source; a recording opens at startSeconds.' }),
  contentId: z.string().optional(),
  passageId: z.string().optional(),
  marks: z
    .array(z.object({ start: z.int(), end: z.int() }))
    .readonly()
    .optional()
    .meta({
      description:
        'Where the answer cites it: UTF-16 offsets of the marks, end exclusive. Every other bracket of the answer is text.',
    }),
});

const relatedDocument = z.object({
  documentId: z.string().meta({ description: 'Content id of the document.' }),
  title: z.string(),
  heading: z.string().optional().meta({ description: 'The section closest to the question.' }),
  url: z.string().optional().meta({ description: 'Web address of the document.' }),
});

export const reply = z
  .object({
    id: z.guid(),
    sessionId: z.guid(),
    answer: z.string().meta({ description: 'Contains marks [1], [2] … that refer to citations, starting at 1.' }),
    citations: z.array(citation).readonly(),
    related: z.array(relatedDocument).readonly().optional().meta({
      description:
        'With no_answer: documents close to the question, which are not citations. Not recorded: absent in the history and in repeated replies.',
    }),
    citationRate: z.number().nullable().meta({
      description: 'Percent of the judged sentences with a valid citation. Null: none could be judged.',
    }),
    model: z.string(),
    usage: z
      .object({
        promptTokens: z.int().nullable(),
        completionTokens: z.int().nullable(),
        totalTokens: z.int().nullable(),
      })
      .meta({ description: 'Null: not reported by the model server.' }),
    costJpy: z.number().nullable().meta({ description: 'In yen. Null: the model has no price.' }),
    latencyMs: z.int(),
    relevanceScore: z.number().nullable().meta({ description: '0 to 1. Null: not scored.' }),
    traceId: z.string().nullable(),
    outcome: z.enum(['answered', 'no_answer', 'chitchat']),
    finishReason: z.string().nullable().meta({
      description: 'Why the model stopped: stop, length (the answer is truncated) or another word. Null: not known.',
    }),
    license: z.enum(licenses).nullable().meta({ description: 'The licence for reusing the answer. Null: no sources.' }),
    withheld: z.int().meta({ description: 'Matching passages that were withheld from the remote model.' }),
  })
  .meta({ id: 'Reply' });

export type Reply = z.output<typeof reply>;

export function replyOf(turn: AnsweredTurn): Reply {
  // Only other applications leave it out, and their turns are not answered here.
  if (turn.latencyMs === null) throw new Error(`turn ${turn.id} has no latency`);
  return {
    id: turn.id,
    sessionId: turn.sessionId,
    answer: turn.answer,
    citations: turn.citations,
    ...(turn.related && { related: turn.related }),
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
