/** How much each word of a question narrows its subject. */
import type { SearchPlan } from './plan-search.ts';
import type { QuestionWord } from './question-words.ts';

/** The inverse document frequencies of a question's words together, in manuals of thousands of passages. */
const ordinaryTotal = 12;
/** From this many passages on, frequencies describe the language and not the choice of documents. */
const largeCorpus = 2_000;
/** A word with less is a piece of another word. */
const wholeShare = 0.5;

/**
 * Inverse document frequency by word; 0 for a piece of a word. In a small corpus the subject of all documents is a frequent word,
 * so there all words of the question count alike in part; without a plan, entirely.
 */
export function wordWeights(words: readonly QuestionWord[], plan: SearchPlan | null): ReadonlyMap<string, number> {
  const known = plan === null ? 0 : Math.min(1, plan.passages / largeCorpus);
  const whole = words.map(({ share }, index) =>
    plan === null ? share >= wholeShare : (plan.wordWeights[index] ?? 0) > 0,
  );
  const alike = ordinaryTotal / Math.max(1, whole.filter(Boolean).length);
  return new Map(
    words.map(({ term }, index) => {
      const weight = known * (plan?.wordWeights[index] ?? 0) + (1 - known) * alike;
      return [term, whole[index] ? weight : 0];
    }),
  );
}
