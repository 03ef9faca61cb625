/** Turns text, Japanese and English alike, into the terms that passages are stored and searched by. */
import { stemmer } from 'stemmer';
import { isStopWord } from './stop-words.ts';

export type SearchTerm = {
  readonly term: string;
  /** Place of the word in the text, from 0, stop words counted; the pieces of one word share their word's place. */
  readonly at: number;
  /**
   * A piece is less specific: it is part of a longer word (`rules` in `debian/rules`, two characters of a kanji compound), or
   * it is written in hiragana, where the segmenter often mistakes an ending for a word.
   */
  readonly piece: boolean;
};

/** Longer terms are cut: beyond this they are encoded data, and an index entry may hold only 2 KB. */
const longestTerm = 64;

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

// A run of Latin words joined as identifiers, paths and versions are; or a run of other letters, which the segmenter divides.
const runs =
  /[\p{sc=Latin}\p{Nd}_](?:[\p{sc=Latin}\p{M}\p{N}_]|[-./:@~'’+](?=[\p{sc=Latin}\p{N}_]))*(?:\+\+|#)?|(?:(?!\p{sc=Latin})[\p{L}\p{M}\p{N}ー々〆])+/gu;
const latin = /^[\p{sc=Latin}\p{Nd}_]/u;
const kanjiRun = /[\p{sc=Han}々〆]+/gu;
const katakanaRun = /[\p{sc=Katakana}ー]+/gu;
const startsWithKanji = /^[\p{sc=Han}々〆]/u;
const katakana = /^[\p{sc=Katakana}ー]+$/u;
const hiragana = /^[\p{sc=Hiragana}ー]+$/u;

/**
 * Folded letters that are read. Segmenting takes time in proportion to them, and folding can make eighteen letters of one (U+FDFA). No
 * passage is as long.
 */
const mostLetters = 8_000;

/**
 * The same text in other widths, cases or compositions gives the same terms. Any string is taken; one of punctuation or stop
 * words only has none.
 * @param limit in folded letters
 */
export function searchTerms(text: string, limit = mostLetters): SearchTerm[] {
  const terms: SearchTerm[] = [];
  let at = 0;
  for (const [run] of fold(text).slice(0, limit).toWellFormed().matchAll(runs)) {
    at = latin.test(run) ? addLatin(run, at, terms) : addSegmented(run, at, terms);
  }
  return terms;
}

// Twice, because lower-casing can undo the composition: İ becomes i with a dot.
function fold(text: string): string {
  return text.toWellFormed().normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** A path or identifier is a term whole, by its segments and by its words: `etc/apt/sources.list`, `sources.list`, `list`. */
function addLatin(run: string, at: number, terms: SearchTerm[]): number {
  const whole = run.replace(/['’](?:s|t|d|m|re|ve|ll)$/u, '').replace(/['’]/gu, '');
  const words = whole.split(/[-./:@~_+#]+/u).filter((word) => word !== '');
  const symbols = /(?:\+\+|#)$/u.test(whole);
  if (words.length <= 1 && !symbols) {
    const word = words[0];
    if (word !== undefined && !isStopWord(word)) push(terms, stem(word), at, false);
    return at + 1;
  }
  push(terms, whole, at, false);
  const segments = whole.split(/[/:@]+/u).filter((segment) => segment !== '' && segment !== whole);
  for (const segment of segments) {
    if (/[-._~+]/u.test(segment)) push(terms, segment, at, true);
  }
  for (const [index, word] of words.entries()) {
    if (word.length > 1 && !isStopWord(word)) push(terms, stem(word), at + index, true);
  }
  return at + Math.max(words.length, 1);
}

function addSegmented(run: string, start: number, terms: SearchTerm[]): number {
  let at = start;
  const placeOf = new Map<number, number>();
  const wordsAt = new Map<number, string>();
  for (const { segment, index, isWordLike } of segmenter.segment(run)) {
    for (let unit = index; unit < index + segment.length; unit++) placeOf.set(unit, at);
    const term = isWordLike === false ? '' : baseForm(segment);
    if (term !== '' && !isStopWord(segment) && !isStopWord(term)) {
      push(terms, term, at, hiragana.test(term));
      wordsAt.set(index, term);
    }
    at++;
  }
  // A loan word that the dictionary does not know is cut anywhere: メンテ and ナ.
  for (const { 0: katakana, index } of run.matchAll(katakanaRun)) {
    const term = baseForm(katakana);
    if (wordsAt.get(index) !== term) push(terms, term, placeOf.get(index) ?? start, false);
  }
  // Dictionaries split compounds differently in different contexts; pairs of kanji do not depend on that.
  for (const match of run.matchAll(kanjiRun)) {
    const kanji = Array.from(match[0]);
    let offset = match.index;
    for (let first = 0; first + 1 < kanji.length; first++) {
      const pair = `${kanji[first]}${kanji[first + 1]}`;
      if (wordsAt.get(offset) !== pair) push(terms, pair, placeOf.get(offset) ?? start, true);
      offset += kanji[first]?.length ?? 1;
    }
  }
  return at;
}

/** 壊れ and 壊す are both 壊; サーバー is サーバ; one or two hiragana say nothing. */
function baseForm(word: string): string {
  if (katakana.test(word)) return word.length > 2 ? word.replace(/ー$/u, '') : word;
  if (hiragana.test(word)) return word.length > 2 ? word : '';
  return startsWithKanji.test(word) ? word.replace(/\p{sc=Hiragana}+$/u, '') : word;
}

function stem(word: string): string {
  const bare = word.normalize('NFD').replace(/\p{M}/gu, '');
  return /^[a-z]{3,}$/.test(bare) ? stemmer(bare) : bare.normalize('NFC');
}

function push(terms: SearchTerm[], term: string, at: number, piece: boolean): void {
  // A lone combining mark is a word to the segmenter, and nothing once marks are taken off.
  if (term === '') return;
  terms.push({ term: term.slice(0, longestTerm).toWellFormed(), at, piece });
}
