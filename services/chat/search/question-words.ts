/** Reads a question: which words it asks about, and by which other words they may be written. */
import { searchTerms } from './search-terms.ts';
import { synonyms } from './synonyms.ts';

export type QuestionWord = {
  readonly term: string;
  /** Its part in the question, 0 to 1. */
  readonly share: number;
  /** Other terms for it, with their parts. */
  readonly synonyms: ReadonlyMap<string, number>;
};

/** What a piece of a word counts beside a whole one. */
const pieceShare = 0.3;
/** What the few words of a follow-up count beside those of the question before, which say what it is about. */
const followUpShare = 0.6;
/** More words than anybody asks about; a pasted page is cut here. */
const mostWords = 64;

const pointsBack =
  /^(?:and|also|but|so|then|what about|how about|why)\b|\b(?:it|its|that|this|they|them|those|these|one)\b|それ|これ|その|この|そこ|では|じゃあ|あと|ちなみに|ほかに|他に/iu;

/** @param before the question asked before this one in the session; null where it is the first */
export function questionWords(question: string, before: string | null): readonly QuestionWord[] {
  const shares = new Map<string, number>();
  const wholes = new Set(searchTerms(question).flatMap(({ term, piece }) => (piece ? [] : [term])));
  // "And in Japanese?" asks on; a question with words enough of its own does not need the one before.
  const followsUp = before !== null && wholes.size <= 2 && pointsBack.test(question);
  add(shares, question, followsUp ? followUpShare : 1);
  if (followsUp) add(shares, before, 1);
  return [...shares].slice(0, mostWords).map(([term, share]) => ({ term, share, synonyms: synonyms(term) }));
}

function add(shares: Map<string, number>, text: string, part: number): void {
  for (const { term, piece } of searchTerms(text)) {
    shares.set(term, Math.max(shares.get(term) ?? 0, part * (piece ? pieceShare : 1)));
  }
}
