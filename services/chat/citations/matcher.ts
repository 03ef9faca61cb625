/** Matches a claim with the words of a passage that support it. */

import type { RetrievedPassage } from '../retrieve.ts';
import { confidenceOf, supportOf } from './confidence.ts';
import { foldExcerpt, isFoldedIn, onOneLine } from './excerpt.ts';
import { isNegated, isOtherLanguage, type Language, languageOf } from './language.ts';
import { splitLines } from './sentences.ts';
import { coverage, numbersOf, subjectTerms } from './support.ts';

/**
 * `excerpt` on one line. `valid`: whether the passage contains it; null where a comparison of words cannot judge the claim.
 * `confidence` 0 to 1 to two decimals, 0 exactly where `valid` is not true.
 */
export type Match = { readonly excerpt: string; readonly valid: boolean | null; readonly confidence: number };

/** A passage folded and split once, ready for matching claims. */
export type IndexedPassage = {
  readonly passage: RetrievedPassage;
  readonly folded: string;
  readonly language: Language | null;
  readonly about: ReadonlySet<string>;
  /** Split when it is called first: claims that are quoted word for word do not need it. */
  readonly sentences: () => readonly { readonly text: string; readonly terms: ReadonlySet<string> }[];
};

/** Less support is none: a shared word or two is chance. */
const WEAKEST_SUPPORT = 0.2;
/** Most characters of an excerpt, for sources without full stops (a table, a list of words). */
const LONGEST_EXCERPT = 400;
/** Shorter text in quotation marks is a name or a term, not a quotation. */
const SHORTEST_QUOTE = { japanese: 8, other: 15 };

export function indexPassage(passage: RetrievedPassage): IndexedPassage {
  const split = () =>
    splitLines(passage.text).map(({ start, end }) => {
      const text = cut(onOneLine(passage.text.slice(start, end)));
      return { text, terms: subjectTerms(text) };
    });
  let sentences: ReturnType<typeof split> | null = null;
  return {
    passage,
    folded: foldExcerpt(passage.text),
    language: languageOf(passage.text),
    about: subjectTerms(`${passage.title} ${passage.heading}`),
    sentences: () => {
      sentences ??= split();
      return sentences;
    },
  };
}

/**
 * Matches `claim` (text without marks) with `passage`.
 *
 * A quotation in the claim is the excerpt, whether the passage contains it or not. A claim that the passage contains word for
 * word is its own excerpt. Otherwise the excerpt is the passage's sentence with the most of the claim's terms, and where that
 * has too few, the claim itself, which is then invalid. Not judged are claims that words cannot decide: in another language
 * than the passage, negated where the passage is not (or the reverse), or without a word of their own.
 *
 * `confidence` is the measured probability that the excerpt supports the claim, by the share of the claim's terms in it (the
 * passage's title and headings help) and by the claim's numbers; 1 word for word; at least 0.5 for a quotation.
 * @param others what the same sentence cites too: a quotation may come from any of them
 * @param query the question: quoting it is no quotation of a source
 */
export function matchClaim(
  claim: string,
  passage: IndexedPassage,
  others: readonly IndexedPassage[],
  query: string,
): Match {
  const quotes = quotations(claim, passage, query);
  const found = quotes.flatMap(spellings).find((quote) => isQuoted(quote, passage.folded));
  if (found !== undefined) {
    const best = bestSentence(claim, passage);
    const excerpt = longestPiece(found);
    return { excerpt, valid: true, confidence: round(0.5 + 0.5 * confidenceIn(claim, best.excerpt, passage)) };
  }
  const differs = (text: string) => isOtherLanguage(languageOf(text), passage.language);
  const unfounded = quotes.find(
    (quote) => !others.some((other) => spellings(quote).some((spelling) => isQuoted(spelling, other.folded))),
  );
  if (unfounded !== undefined) {
    // A quotation in another language than its source is a translation.
    return { excerpt: unfounded, valid: differs(unfounded) ? null : false, confidence: 0 };
  }
  const line = onOneLine(claim);
  if (hasWords(line) && isFoldedIn(foldExcerpt(line), passage.folded)) {
    return { excerpt: line, valid: true, confidence: 1 };
  }
  if (differs(claim.replace(quotation, ' ')) || subjectTerms(claim).size === 0) {
    return { excerpt: line, valid: null, confidence: 0 };
  }
  const best = bestSentence(claim, passage);
  if (best.support < WEAKEST_SUPPORT || !isFoldedIn(foldExcerpt(best.excerpt), passage.folded)) {
    return { excerpt: line, valid: false, confidence: 0 };
  }
  if (isNegated(claim) !== isNegated(best.excerpt)) return { excerpt: best.excerpt, valid: null, confidence: 0 };
  return { excerpt: best.excerpt, valid: true, confidence: round(confidenceIn(claim, best.excerpt, passage)) };
}

function confidenceIn(claim: string, excerpt: string, { about }: IndexedPassage): number {
  return confidenceOf(supportOf(claim, excerpt, about));
}

function bestSentence(claim: string, passage: IndexedPassage): { excerpt: string; support: number } {
  const terms = subjectTerms(claim);
  let best: { excerpt: string; own: number; support: number } = { excerpt: '', own: 0, support: 0 };
  for (const sentence of passage.sentences()) {
    const own = coverage(terms, sentence.terms);
    if (own > best.own)
      best = { excerpt: sentence.text, own, support: coverage(terms, new Set([...sentence.terms, ...passage.about])) };
  }
  const numbers = numbersOf(terms);
  const known =
    numbers.size === 0 || [...numbers].some((number) => passage.folded.replaceAll(',', '').includes(number));
  return { excerpt: best.excerpt, support: known ? best.support : best.support / 2 };
}

const quotation = /「([^」]+)」|『([^』]+)』|“([^”]+)”|"([^"\n]+)"/g;

/** What the claim quotes from a source, except its title, its headings and the question. */
function quotations(claim: string, { passage }: IndexedPassage, query: string): readonly string[] {
  const known = foldExcerpt(`${passage.title}\n${passage.heading}\n${query}`);
  return [...claim.matchAll(quotation)]
    .map((match) => onOneLine(match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''))
    .filter((quote) => isLongEnough(quote) && !known.includes(foldExcerpt(quote)));
}

function isLongEnough(quote: string): boolean {
  const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(quote);
  return [...foldExcerpt(quote)].length >= (japanese ? SHORTEST_QUOTE.japanese : SHORTEST_QUOTE.other);
}

const ellipsis = /\s*(?:…+|\.{3,}|\[…\]|\[\.{3}\]|（中略）|\(中略\)|・・・+)\s*/u;

/** A quotation as written, with the angle brackets that prompts escape, and without the Markdown that models add. */
function spellings(quote: string): readonly string[] {
  const shown = quote.replaceAll('&lt;', '<');
  const plain = shown.replace(/\\([\\`*_{}[\]()#+.!|-])/g, '$1').replace(/\*\*|__/g, '');
  return [...new Set([quote, shown, plain, plain.replaceAll('`', '')])];
}

/** With omissions, the passage must contain all pieces in order; an added full stop does not matter. */
function isQuoted(quote: string, folded: string): boolean {
  let from = 0;
  for (const piece of pieces(quote)) {
    const wanted = foldExcerpt(piece);
    const at = folded.indexOf(wanted, from);
    if (at === -1) return false;
    from = at + wanted.length;
  }
  return pieces(quote).length > 0;
}

function longestPiece(quote: string): string {
  return pieces(quote).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

function pieces(quote: string): readonly string[] {
  return quote
    .split(ellipsis)
    .map((piece) => piece.replace(/[\s.,;、。]+$/u, '').trim())
    .filter(hasWords);
}

function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function cut(text: string): string {
  return text.length <= LONGEST_EXCERPT
    ? text
    : text
        .slice(0, LONGEST_EXCERPT)
        .toWellFormed()
        .replace(/\ufffd$/, '')
        .trimEnd();
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}
