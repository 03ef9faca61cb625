/** How far the quality scores can be trusted. Every worker reads the same values from the database: aggregate with `max by`. */
import type { Metric } from './metric.ts';

const score = ['groundedness', 'answer_relevance', 'context_relevance', 'judge'] as const;
/** `shipped`: on the labelled set of this release. `votes`: on the answers of this service that users voted on. */
const labels = { service: 'open', score, version: 'open', source: ['shipped', 'votes'] } as const;

export const scoreMetrics = {
  scoreAuc: {
    name: 'rag_score_auc',
    kind: 'gauge',
    unit: '',
    help: 'Chance that a right answer has a higher score than a wrong one; 0.5 is chance. Absent with fewer than ten answers of a kind.',
    labels,
  },
  scoreAucLow: {
    name: 'rag_score_auc_low',
    kind: 'gauge',
    unit: '',
    help: 'Lower bound of the 95 % interval of rag_score_auc.',
    labels,
  },
  scoreAucHigh: {
    name: 'rag_score_auc_high',
    kind: 'gauge',
    unit: '',
    help: 'Upper bound of the 95 % interval of rag_score_auc.',
    labels,
  },
  scoreLabelledAnswers: {
    name: 'rag_score_labelled_answers',
    kind: 'gauge',
    unit: '{answer}',
    help: 'Answers behind rag_score_auc.',
    labels,
  },
} as const satisfies Record<string, Metric>;
