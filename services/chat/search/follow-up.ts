/** Recognises questions that continue the previous one, and adds what they are about. */
import type { PastTurn } from '../turn.ts';
import { searchTerms } from './search-terms.ts';

const pointsBack =
  /^(?:and|also|but|so|then|what about|how about|why)\b|\b(?:it|its|that|this|they|them|those|these|one)\b|それ|これ|その|この|そこ|では|じゃあ|あと|ちなみに|ほかに|他に/iu;
/** A question with more words of its own names what it is about. */
const mostWords = 2;
/** Letters that are read of a question. */
const mostLetters = 2_000;

/** "And how long does it take?" continues, "How long does delivery take?" does not. */
export function followsUp(question: string): boolean {
  const wholes = new Set(searchTerms(question, mostLetters).flatMap(({ term, piece }) => (piece ? [] : [term])));
  return wholes.size <= mostWords && pointsBack.test(question);
}

/**
 * The question that a follow-up continues: the last one that does not itself continue another.
 * @param history earlier turns of the session, oldest first
 * @returns null for a question that stands alone, and for one that continues nothing
 */
export function topicOf(question: string, history: readonly PastTurn[]): string | null {
  if (!followsUp(question)) return null;
  const questions = history.map(({ query }) => query);
  return questions.findLast((query) => !followsUp(query)) ?? questions.at(-1) ?? null;
}
