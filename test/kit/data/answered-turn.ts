/** Builds an answered turn for tests. */
import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import type { AnsweredTurn } from '../../../services/chat/turn.ts';

export function answeredTurn(values: Partial<AnsweredTurn> = {}): AnsweredTurn {
  return {
    outcome: 'answered',
    finishReason: 'stop',
    id: v7(),
    userId: randomUUID(),
    sessionId: randomUUID(),
    askedAt: new Date('2026-03-07T04:05:06.789Z'),
    query: 'What is RAG?',
    answer: 'RAG looks things up before it answers. [1]',
    citations: [
      {
        source: 'What RAG is',
        sourceType: 'material',
        excerpt: 'RAG looks things up before it answers.',
        confidence: 0.93,
        timestamp: '2026-03-07T04:05:06.789Z',
        paragraphIndex: 3,
        valid: true,
        contentId: randomUUID(),
        passageId: randomUUID(),
      },
    ],
    citationRate: 100,
    model: 'extractive',
    temperature: null,
    contextWindowSize: null,
    usage: { promptTokens: 11, cachedPromptTokens: 5, completionTokens: 7, totalTokens: 18 },
    costJpy: 0.000123,
    latencyMs: 37,
    timeToFirstTokenMs: null,
    relevanceScore: 0.83,
    license: 'cc_by',
    withheld: 2,
    traceId: '0123456789abcdef0123456789abcdef',
    ...values,
  };
}
