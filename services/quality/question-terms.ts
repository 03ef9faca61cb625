/** The words of a question, and how much of them a text contains. */
import { subjectTerms } from '../chat/citations/support.ts';
import { type QuestionWord, questionWords } from '../chat/search/question-words.ts';
import { wordWeights } from '../chat/search/word-weights.ts';

/** A text prepared for lookup. */
export type Words = { readonly terms: ReadonlySet<string>; readonly folded: string };

export type AskedTerm = Pick<QuestionWord, 'term' | 'share' | 'synonyms'> & {
  /** How much the word narrows a subject: its inverse document frequency; 0 for a piece of a word. */
  readonly weight: number;
};

/**
 * @param weights inverse document frequencies by word, of the corpus that was searched; null: not known. Words that the corpus lacks
 * have a weight too.
 */
export function askedTerms(query: string, weights: ReadonlyMap<string, number> | null): readonly AskedTerm[] {
  const words = questionWords(query, null);
  const known = weights ?? wordWeights(words, null);
  return words.map(({ term, share, synonyms }) => ({ term, share, synonyms, weight: known.get(term) ?? 0 }));
}

export function readWords(text: string): Words {
  return { terms: subjectTerms(text), folded: text.normalize('NFKC').toLowerCase() };
}

export function joined(all: readonly Words[]): Words {
  return { terms: new Set(all.flatMap(({ terms }) => [...terms])), folded: all.map(({ folded }) => folded).join('\n') };
}

/** 1 for the word itself, less for a synonym, 0 for neither. */
function held({ term, synonyms }: AskedTerm, text: Words): number {
  let most = contains(text, term) ? 1 : 0;
  for (const [synonym, likeness] of synonyms) if (likeness > most && contains(text, synonym)) most = likeness;
  return most;
}

/** English words and numbers are compared as wholes, by their stems; identifiers and Japanese by their letters. */
function contains({ terms, folded }: Words, term: string): boolean {
  return /^(?:[a-z]+|\d+)$/.test(term) ? terms.has(term) : folded.includes(term);
}

/** The weight of the question's words that a text contains. */
export function heldWeight(asked: readonly AskedTerm[], text: Words): number {
  return asked.reduce((sum, word) => sum + (word.weight === 0 ? 0 : word.weight * held(word, text)), 0);
}

/** The share of the question, 0 to 1, that a text contains. */
export function heldShare(asked: readonly AskedTerm[], text: Words): number {
  const total = asked.reduce((sum, { share }) => sum + share, 0);
  return total === 0 ? 0 : asked.reduce((sum, word) => sum + word.share * held(word, text), 0) / total;
}
