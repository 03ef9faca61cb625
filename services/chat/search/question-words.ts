/** Extracts the words of a question and their synonyms. */
import { followsUp } from './follow-up.ts';
import { type SearchTerm, searchTerms } from './search-terms.ts';
import { synonyms } from './synonyms.ts';

export type QuestionWord = {
  readonly term: string;
  /** Its weight in the question, 0 to 1. */
  readonly share: number;
  /** Synonyms with their likeness, 0 to 1. */
  readonly synonyms: ReadonlyMap<string, number>;
};

/** Weight of a piece of a word; a whole word has 1. */
const pieceShare = 0.3;
/** Weight of the words of a follow-up; the previous question, which names the subject, has 1. */
const followUpShare = 0.6;
/** No question needs more words; a pasted page is cut here. */
const mostWords = 64;
/** Folded letters, in which those words are. */
const mostLetters = 2_000;

/** @param before the question that this one may continue; null for the first of a session */
export function questionWords(question: string, before: string | null): readonly QuestionWord[] {
  const shares = new Map<string, number>();
  const terms = searchTerms(question, mostLetters);
  const continues = before !== null && followsUp(question);
  add(shares, terms, continues ? followUpShare : 1);
  if (continues) add(shares, searchTerms(before, mostLetters), 1);
  return [...shares].slice(0, mostWords).map(([term, share]) => ({ term, share, synonyms: synonyms(term) }));
}

function add(shares: Map<string, number>, terms: readonly SearchTerm[], part: number): void {
  for (const { term, piece } of terms) {
    shares.set(term, Math.max(shares.get(term) ?? 0, part * (piece ? pieceShare : 1)));
  }
}
