/** Measures by shared words how well one text supports another, in Japanese and English. */
import { stemmer } from 'stemmer';
import { isStopWord } from '../search/stop-words.ts';

const latinOrNumber = /\d+(?:[.,]\d+)*|[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]+(?:['’][a-z]+)?/gu;
const ideographs = /[\p{sc=Han}々]+|[\p{sc=Katakana}ー]+|\p{sc=Hangul}+/gu;

/**
 * The subject of a text: stems of English words, numbers, and pairs of neighbouring kanji and katakana. Hiragana is left out
 * because it carries grammar. Unlike search terms this uses no dictionary, which is ten times as fast: every sentence of every
 * passage is read while the user waits.
 */
export function subjectTerms(text: string): ReadonlySet<string> {
  const plain = text.normalize('NFKC').toLowerCase();
  const terms = new Set<string>();
  for (const [found] of plain.matchAll(latinOrNumber)) {
    const term = /^\d/.test(found)
      ? found.replace(/,(?=\d{3}(?!\d))/g, '')
      : wordStem(found.replace(/['’][a-z]+$/, ''));
    if (term !== '') terms.add(term);
  }
  for (const [run] of plain.matchAll(ideographs)) {
    const letters = [...run];
    if (letters.length === 1 && !isStopWord(run)) terms.add(run);
    for (let i = 0; i + 1 < letters.length; i += 1) terms.add(`${letters[i]}${letters[i + 1]}`);
  }
  return terms;
}

/** The same words return in every answer, and stemming one costs more than all else here. */
const stems = new Map<string, string>();
const mostStems = 20_000;

/** Empty for a stop word. */
function wordStem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = isStopWord(word) ? '' : /^[a-z]{3,}$/.test(word) ? stemmer(word) : word;
  if (stems.size >= mostStems) stems.clear();
  stems.set(word, stem);
  return stem;
}

/** The share, 0 to 1, of `wanted` that is in `present`; 0 for an empty `wanted`. */
export function coverage(wanted: ReadonlySet<string>, present: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  let found = 0;
  for (const term of wanted) if (present.has(term)) found += 1;
  return found / wanted.size;
}

/** The numbers among the terms: what answers most often get wrong. */
export function numbersOf(terms: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...terms].filter((term) => /^\d/.test(term)));
}
