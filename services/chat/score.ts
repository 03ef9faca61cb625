/** Scores the relevance of an answer to its question, 0 to 1, without a model. */
import { coverage } from './citations/support.ts';
import { searchTerms } from './search/search-terms.ts';
import type { Citation } from './turn.ts';

/** To two decimals, as recorded; null where there is nothing to score. */
export type Score = (answered: {
  readonly query: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Percent of the answer's judged claims with a valid citation; null: none was judged. */
  readonly citationRate: number | null;
  readonly outcome: 'answered' | 'no_answer';
}) => number | null;

/**
 * Users choose words that no source contains, so a good answer rarely covers all of them. Calibrated on the labelled questions in
 * bench/questions: about two thirds of the answers that contain the labelled words score 0.7 or more, and hardly any
 * answers to questions that the corpus does not cover.
 */
const COVERED_WELL = 0.75;

/**
 * Relevance without a model: how much of the question the answer covers × how much of the answer is grounded.
 *
 * Covers: the mean of two shares of the question's words, those in the answer and its valid excerpts together, and those
 * in the one excerpt that has most of them (words scattered over four sentences answer less than words in one); 0.75 of
 * them is full marks. Grounded: the share of judged claims with a valid citation.
 *
 * It does not measure whether an answer is true, only whether it addresses the question and rests on its sources. Null for
 * "not found", for questions of stop words alone and where no claim could be judged.
 */
export const scoreAnswer: Score = ({ query, answer, citations, citationRate, outcome }) => {
  const asked = words(query);
  if (outcome === 'no_answer' || asked.size === 0 || citationRate === null) return null;
  const excerpts = citations.filter(({ valid }) => valid === true).map(({ excerpt }) => excerpt);
  const together = coverage(asked, words([answer, ...excerpts].join('\n')));
  const best = Math.max(0, ...excerpts.map((excerpt) => coverage(asked, words(excerpt))));
  const covered = Math.min(1, (together + best) / 2 / COVERED_WELL);
  return Math.round(((covered * citationRate) / 100) * 100) / 100;
};

function words(text: string): ReadonlySet<string> {
  return new Set(
    searchTerms(text)
      .filter(({ piece }) => !piece)
      .map(({ term }) => term),
  );
}
