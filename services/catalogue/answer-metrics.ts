/** Metrics of questions and their answers, exposed by the chat server. */
import { answerSeconds, scoreBounds, stageSeconds } from './bounds.ts';
import type { Metric } from './metric.ts';

const yesNo = ['true', 'false'] as const;

export const answerMetrics = {
  answers: {
    name: 'rag_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Questions by how they ended. failed is the error of the error rate; aborted (the client hung up) counts nowhere else. cited: at least one valid citation.',
    labels: { outcome: ['answered', 'no_answer', 'failed', 'aborted'], model: 'open', cited: yesNo },
  },
  answerDuration: {
    name: 'rag_answer_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'From the question to the end of the answer, before the commit. Answers only, no failures.',
    labels: {},
    bounds: answerSeconds,
  },
  timeToFirstToken: {
    name: 'rag_time_to_first_token_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'From the question to the first piece of the answer; answers that came whole are not in it.',
    labels: { model: 'open' },
    bounds: answerSeconds,
  },
  cost: {
    name: 'rag_cost_jpy_total',
    kind: 'counter',
    unit: '{JPY}',
    help: 'Yen spent on answers that have a price.',
    labels: { model: 'open' },
  },
  pricedAnswers: {
    name: 'rag_priced_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Answers whose model has a price, free ones included: what the mean cost divides by.',
    labels: { model: 'open' },
  },
  unpricedAnswers: {
    name: 'rag_unpriced_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Answers whose model is missing in the price book; their cost is unknown, not zero.',
    labels: { model: 'open' },
  },
  citations: {
    name: 'rag_citations_total',
    kind: 'counter',
    unit: '{citation}',
    help: 'Citations by kind of source, and whether the excerpt stands in the source.',
    labels: { source_type: ['note', 'material', 'document', 'web'], valid: yesNo },
  },
  withheldPassages: {
    name: 'rag_withheld_passages_total',
    kind: 'counter',
    unit: '{passage}',
    help: 'Passages that matched and were not used, because a remote model may not see them.',
    labels: {},
  },
  relevance: {
    name: 'rag_relevance_score',
    kind: 'histogram',
    unit: '',
    help: 'How well answers serve their questions, 0 to 1, when they are scored: by the chat server, or by the judge in the worker where a model answers. Answers without a score are not in it.',
    labels: {},
    bounds: scoreBounds,
  },
  feedback: {
    name: 'rag_feedback_total',
    kind: 'counter',
    unit: '{vote}',
    help: 'Votes as they were cast: up is 1, none is 0, down is -1. A changed vote counts again.',
    labels: { vote: ['up', 'none', 'down'] },
  },
  failures: {
    name: 'rag_failures_total',
    kind: 'counter',
    unit: '{failure}',
    help: 'Questions without an answer, by the stage that failed and how. cancelled: the client hung up.',
    labels: {
      stage: ['admit', 'recall', 'retrieve', 'generate', 'record'],
      failure: ['model_unavailable', 'database_unavailable', 'overloaded', 'cancelled', 'internal'],
    },
  },
  stageDuration: {
    name: 'rag_stage_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Time in one stage of the path of a question; authenticate finds out who asks, judge scores an answer later, in the worker. refused: the token was not good.',
    labels: {
      stage: ['authenticate', 'recall', 'retrieve', 'generate', 'record', 'judge'],
      result: ['ok', 'failed', 'refused'],
    },
    bounds: stageSeconds,
  },
  retrievalDuration: {
    name: 'rag_retrieval_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Time to find passages, by where they were searched; corpus is the passages in our own database.',
    labels: { source: 'open' },
    bounds: stageSeconds,
  },
} as const satisfies Record<string, Metric>;
