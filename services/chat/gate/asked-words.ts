/** The words of a question with what retrieval knows of each. */
import type { SearchPlan } from '../search/plan-search.ts';
import type { QuestionWord } from '../search/question-words.ts';

export type AskedWord = QuestionWord & {
  /** How much it says about the subject: its inverse document frequency times its share of the question; 0 for pieces of words. */
  readonly weight: number;
  /** Whether the corpus contains it: 1 for the word itself, less for a synonym, 0 for neither. */
  readonly known: number;
};

/** What retrieval found out about a question, from which the gate decides. */
export type Asked = {
  readonly words: readonly AskedWord[];
  /** How much of the question's weight the best passages cover, 0 to 1. */
  readonly coverage: number;
  /** By how many standard deviations the best passage is closer in meaning than others; null: not searched by meaning. */
  readonly standsOut: number | null;
};

/** @param plan null: the corpus has none of the words */
export function askedWords(words: readonly QuestionWord[], plan: SearchPlan | null): readonly AskedWord[] {
  return words.map((word, index) => ({
    ...word,
    weight: plan === null ? word.share : (plan.wordWeights[index] ?? 0),
    known: plan?.known[index] ?? 0,
  }));
}
