/** Metrics of questions and their answers, exposed by the chat server. */
import { answerSeconds, scoreBounds, stageSeconds } from './bounds.ts';
import type { Metric } from './metric.ts';

const verdicts = ['true', 'false', 'unjudged'] as const;
/** The chat server's own questions are `rag-chat`; turns of other programs have the name of their registered service. */
const service = 'open';

export const answerMetrics = {
  questions: {
    name: 'rag_questions_total',
    kind: 'counter',
    unit: '{question}',
    help: 'Questions at the HTTP interface by how they ended for the user. failed: a 5xx. gave_up: the client left after ten seconds or more without a word of the answer. left (the client left earlier or while the answer was written) and refused (a 4xx) count towards no objective.',
    labels: { service, end: ['served', 'failed', 'gave_up', 'left', 'refused'] },
  },
  answers: {
    name: 'rag_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Questions by outcome. failed counts towards the error rate. chitchat (greetings, thanks, questions about the service), aborted (the client disconnected) and rejected (the model side refused the question) count towards no objective. cited: whether the answer has at least one valid citation, unjudged where none of its claims could be judged.',
    labels: {
      service,
      outcome: ['answered', 'no_answer', 'chitchat', 'failed', 'aborted', 'rejected'],
      model: 'open',
      cited: verdicts,
    },
  },
  answerDuration: {
    name: 'rag_answer_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Time from the question to the end of the answer, before the commit. Failures are excluded.',
    labels: { service },
    bounds: answerSeconds,
  },
  timeToFirstToken: {
    name: 'rag_time_to_first_token_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Time from the question to the first token of the answer. Only streamed answers.',
    labels: { service, model: 'open' },
    bounds: answerSeconds,
  },
  cost: {
    name: 'rag_cost_jpy_total',
    kind: 'counter',
    unit: '{JPY}',
    help: 'Cost in yen of model calls with a known price, by kind: answers, calls without an answer because they failed, were retried or aborted, and calls of the judge.',
    labels: { service, model: 'open', kind: ['answer', 'failed', 'retried', 'aborted', 'judge'] },
  },
  pricedAnswers: {
    name: 'rag_priced_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Answers whose model has a price, free models included. The denominator of the mean cost.',
    labels: { service, model: 'open' },
  },
  unpricedAnswers: {
    name: 'rag_unpriced_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Answers whose model is missing from the price book. Their cost is unknown, not zero.',
    labels: { service, model: 'open' },
  },
  citations: {
    name: 'rag_citations_total',
    kind: 'counter',
    unit: '{citation}',
    help: 'Citations by source type. valid: the excerpt was found in the source.',
    labels: { service, source_type: ['note', 'material', 'document', 'web'], valid: verdicts },
  },
  withheldPassages: {
    name: 'rag_withheld_passages_total',
    kind: 'counter',
    unit: '{passage}',
    help: 'Matching passages that were not used because their rights exclude remote models.',
    labels: { service },
  },
  relevance: {
    name: 'rag_relevance_score',
    kind: 'histogram',
    unit: '',
    help: 'Relevance of answers to their questions, 0 to 1, when scored: by the chat server, or by the LLM judge in the worker for model answers. Answers without a score are excluded.',
    labels: { service },
    bounds: scoreBounds,
  },
  truncatedAnswers: {
    name: 'rag_truncated_answers_total',
    kind: 'counter',
    unit: '{answer}',
    help: 'Answers that the model cut off at its token limit (finish reason length).',
    labels: { service, model: 'open' },
  },
  feedback: {
    name: 'rag_feedback_total',
    kind: 'counter',
    unit: '{vote}',
    help: 'Votes: up is 1, none is 0, down is -1. A changed vote counts again.',
    labels: { service, vote: ['up', 'none', 'down'] },
  },
  failures: {
    name: 'rag_failures_total',
    kind: 'counter',
    unit: '{failure}',
    help: 'Questions without an answer, by the stage and reason of the failure. cancelled: the client disconnected.',
    labels: {
      service,
      stage: ['admit', 'recall', 'retrieve', 'generate', 'record'],
      failure: [
        'model_unavailable',
        'model_unreachable',
        'model_silent',
        'model_protocol',
        'model_key',
        'model_quota',
        'model_rate_limited',
        'content_filtered',
        'context_exceeded',
        'model_refused',
        'tool_called',
        'database_unavailable',
        'overloaded',
        'cancelled',
        'internal',
      ],
    },
  },
  stageDuration: {
    name: 'rag_stage_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Time in one stage of a question. authenticate identifies the user, judge scores an answer later in the worker. refused: invalid token.',
    labels: {
      service,
      stage: ['authenticate', 'recall', 'retrieve', 'generate', 'record', 'judge'],
      result: ['ok', 'failed', 'refused'],
    },
    bounds: stageSeconds,
  },
  retrievalDuration: {
    name: 'rag_retrieval_duration_seconds',
    kind: 'histogram',
    unit: 's',
    help: 'Time to find passages, by source. corpus is the local database.',
    labels: { service, source: 'open' },
    bounds: stageSeconds,
  },
} as const satisfies Record<string, Metric>;
