/** Names what a question asks for and the materials lack, in the question's own letters. */
import { isJapanese } from '../search/is-japanese.ts';
import { searchTerms } from '../search/search-terms.ts';
import { isStopWord } from '../search/stop-words.ts';
import { subjectShare } from './soft-words.ts';

type Word = { readonly text: string; readonly start: number; readonly end: number; readonly terms: readonly string[] };

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
const latinWord = /[\p{L}\p{N}][\p{L}\p{N}_./+#'’-]*(?<![.'’-])/gu;
const longestTopic = 40;

/**
 * The word of a search term with the words beside it that belong to its name: "parental leave", 育児休業. Null where the question
 * does not have the term.
 */
export function topicOf(query: string, missing: string): string | null {
  const plain = query.normalize('NFKC').slice(0, 1_000);
  const words = wordsOf(plain);
  const at = words.findIndex(({ terms }) => terms.includes(missing));
  if (at === -1) return null;
  let first = at;
  let last = at;
  while (belongs(words[first - 1], words[first], plain)) first -= 1;
  while (belongs(words[last], words[last + 1], plain)) last += 1;
  const topic = plain.slice(words[first]?.start, words[last]?.end);
  return topic.length <= longestTopic ? topic : plain.slice(words[at]?.start, words[at]?.end);
}

function wordsOf(plain: string): readonly Word[] {
  const found = isJapanese(plain)
    ? [...segmenter.segment(plain)]
        .filter(({ isWordLike }) => isWordLike === true)
        .map(({ segment, index }) => ({ text: segment, start: index }))
    : [...plain.matchAll(latinWord)].map(({ 0: text, index }) => ({ text, start: index }));
  return found.map(({ text, start }) => ({
    text,
    start,
    end: start + text.length,
    terms: searchTerms(text).map(({ term }) => term),
  }));
}

function isSubject(text: string): boolean {
  const terms = searchTerms(text).filter(({ piece }) => !piece);
  return terms.length > 0 && terms.every(({ term }) => subjectShare(term) === 1);
}

/** Words of grammar and of everyday language end a name; a space does so in Japanese only. */
function belongs(left: Word | undefined, right: Word | undefined, plain: string): boolean {
  if (left === undefined || right === undefined) return false;
  const between = plain.slice(left.end, right.start);
  const isName = ({ text }: Word) =>
    !isStopWord(text.toLowerCase()) && !/^\p{sc=Hiragana}+$/u.test(text) && isSubject(text);
  const joined = isJapanese(plain) ? /^[・ー]?$/u.test(between) : between === ' ';
  return joined && isName(left) && isName(right);
}
