/** How well an answer serves its question, 0 to 1. */
import { claimsOf, rateOf } from './citations/claims.ts';
import { withoutMarks } from './citations/marks.ts';
import { coverage } from './citations/support.ts';
import { searchTerms } from './search/search-terms.ts';
import type { Citation } from './turn.ts';

/** To two decimals, as the record keeps it; null where there is nothing to judge. */
export type Score = (answered: {
  readonly query: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly outcome: 'answered' | 'no_answer';
}) => number | null;

/**
 * Users use words that no source uses, so a good answer rarely holds all of theirs. Calibrated on the labelled questions in
 * bench/questions: of answers that hold the labelled words about two thirds come out at 0.7 or more, of those to
 * questions that the corpus does not answer hardly any.
 */
const COVERED_WELL = 0.75;

/**
 * Relevance without a model: how much of the question the answer covers × how much of the answer is grounded.
 *
 * Covers: the mean of two shares of the question's words, those in the answer and its valid excerpts together, and those
 * in the one excerpt that has most of them (words scattered over four sentences answer less than words in one); 0.75 of
 * them is full marks. Grounded: the share of sentences with a valid citation.
 *
 * It cannot tell whether an answer is true, only whether it is about what was asked and stands on its sources. Null for
 * an honest "not found", which answers nothing and should cost nothing, and for a question of stop words alone.
 */
export const scoreAnswer: Score = ({ query, answer, citations, outcome }) => {
  const asked = words(query);
  if (outcome === 'no_answer' || asked.size === 0) return null;
  const excerpts = citations.filter(({ valid }) => valid).map(({ excerpt }) => excerpt);
  const together = coverage(asked, words([withoutMarks(answer), ...excerpts].join('\n')));
  const best = Math.max(0, ...excerpts.map((excerpt) => coverage(asked, words(excerpt))));
  const covered = Math.min(1, (together + best) / 2 / COVERED_WELL);
  const isValid = (place: number) => citations[place - 1]?.valid === true;
  const grounded = rateOf(claimsOf(answer), ({ numbers }) => numbers.some(isValid)) / 100;
  return Math.round(covered * grounded * 100) / 100;
};

function words(text: string): ReadonlySet<string> {
  return new Set(
    searchTerms(text)
      .filter(({ piece }) => !piece)
      .map(({ term }) => term),
  );
}
