/** Scores the answer of a turn, and decides which score may be recorded as its relevance. */
import { findMarks, withoutMarks } from '../chat/citations/marks.ts';
import type { Score, Scored } from '../chat/score.ts';
import { scoreAnswerQuality } from './score-answer.ts';
import type { ScoreByMeaning } from './score-by-meaning.ts';
import { qualityScores, wordsVersions } from './scores.ts';
import type { Trust } from './validation.ts';

/**
 * @param trust of each score by its version; read at each answer, because votes change it
 * @param isRecorded false: another judge decides the relevance, and the scores are only compared with votes
 * @param byMeaning null: words decide
 */
export function createScore(
  trust: Trust,
  isRecorded: boolean,
  byMeaning: ScoreByMeaning | null = null,
): (answered: Parameters<Score>[0]) => Promise<Scored> {
  return async ({ query, answer, outcome, passages, wordWeights }) => {
    if (outcome === 'no_answer') return { relevance: null, quality: {} };
    const plain = withoutMarks(answer, findMarks(answer, { count: passages.length, texts: [] }));
    const scored = { query, answer: plain, passages, weights: wordWeights };
    const words = scoreAnswerQuality(scored);
    // An unavailable embeddings server reduces the score's quality, never the answer's availability.
    const meant = byMeaning === null ? null : await byMeaning.score(scored).catch(() => null);
    const [relevance, version] =
      byMeaning === null || meant === null
        ? [words.answer_relevance, wordsVersions.answer_relevance]
        : [meant, byMeaning.version];
    const quality = Object.fromEntries(
      qualityScores.flatMap((score) => {
        const value = score === 'answer_relevance' ? relevance : words[score];
        const of = score === 'answer_relevance' ? version : wordsVersions[score];
        return value === null ? [] : [[score, { value, version: of }] as const];
      }),
    );
    const isShown = isRecorded && trust('answer_relevance', version).isShown;
    return { relevance: isShown ? relevance : null, quality };
  };
}
