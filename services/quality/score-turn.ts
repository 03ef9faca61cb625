/** Scores the answer of a turn, and decides which score may be recorded as its relevance. */
import { findMarks, withoutMarks } from '../chat/citations/marks.ts';
import type { Score } from '../chat/score.ts';
import { scoreAnswerQuality } from './score-answer.ts';
import { qualityScores, wordsVersions } from './scores.ts';
import type { Trust } from './validation.ts';

/**
 * @param trust of each score by its version; read at each answer, because votes change it
 * @param isRecorded false: another judge decides the relevance, and the scores are only compared with votes
 */
export function createScore(trust: Trust, isRecorded: boolean): Score {
  return ({ query, answer, outcome, passages, wordWeights }) => {
    if (outcome === 'no_answer') return { relevance: null, quality: {} };
    const plain = withoutMarks(answer, findMarks(answer, { count: passages.length, texts: [] }));
    const values = scoreAnswerQuality({ query, answer: plain, passages, weights: wordWeights });
    const quality = Object.fromEntries(
      qualityScores.flatMap((score) => {
        const value = values[score];
        return value === null ? [] : [[score, { value, version: wordsVersions[score] }] as const];
      }),
    );
    const isShown = isRecorded && trust('answer_relevance', wordsVersions.answer_relevance).isShown;
    return { relevance: isShown ? values.answer_relevance : null, quality };
  };
}
