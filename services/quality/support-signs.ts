/** Signs in one sentence of an answer that a passage supports it, or says something else. */

import { supportOf } from '../chat/citations/confidence.ts';
import { splitLines } from '../chat/citations/sentences.ts';
import { coverage, numbersOf, subjectTerms } from '../chat/citations/support.ts';

export type SupportSigns = {
  /** Share of the sentence's words in the passage and its headings. */
  readonly words: number;
  /** Share of its numbers that the passage lacks. */
  readonly numbersLacking: number;
  /** 1: a number of the passage stands with another unit. */
  readonly unit: number;
  /** 1: only one of the sentence and the likest sentence of the passage is negated. */
  readonly negation: number;
  /** How far the sentence repeats one of the passage with other words in it: a changed copy is less likely true than a paraphrase. */
  readonly changed: number;
};

/** @param context title and headings of the passage */
export function supportSigns(sentence: string, passage: string, context: string): SupportSigns {
  const claim = normalised(sentence);
  const terms = subjectTerms(claim);
  const about = subjectTerms(context);
  const { words, numbersLacking } = supportOf(claim, passage, about);
  const source = normalised(passage);
  const sentences = sentencesOf(source);
  const letters = pieces(claim);
  let copied = 0;
  let likest = '';
  for (const each of sentences) {
    const share = sharedOrder(letters, pieces(each)) / Math.max(1, letters.length);
    if (share > copied) [copied, likest] = [share, each];
  }
  const lacking = 1 - coverage(terms, new Set([...subjectTerms(likest), ...about]));
  const isSame = isNegated(claim) === isNegated(likest) || limits.test(likest) || limits.test(claim);
  return {
    words,
    numbersLacking,
    unit: hasOtherUnit(claim, source) ? 1 : 0,
    negation: copied > 0.4 && !isSame ? 1 : 0,
    changed: copied * (numbersOf(terms).size > 0 || words < 1 ? lacking : 0),
  };
}

function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function sentencesOf(text: string): readonly string[] {
  return splitLines(text)
    .filter(({ kind }) => kind === 'sentence')
    .map(({ start, end }) => text.slice(start, end));
}

const negations =
  /\b(?:not|never|cannot|no|none|nothing|neither|nor|without)\b|n['’]t\b|ません|ない(?!し)|なく(?!な)|なかった|できず|せず|不要|禁止/u;
/** Conditions turn a statement into its opposite without a word of denial. */
const limits = /\b(?:unless|except|only|until)\b|だけ|以外|のみ|限り|しか/u;

function isNegated(text: string): boolean {
  return negations.test(text);
}

const amounts = /(\d+(?:[.,]\d+)*)\s*(%|°|[a-z]+|[\p{sc=Han}\p{sc=Katakana}ー]+)/gu;

/** "30 hours" where the passage says "30 days". */
function hasOtherUnit(claim: string, passage: string): boolean {
  const units = Map.groupBy(passage.matchAll(amounts), ([, number = '']) => number);
  return [...claim.matchAll(amounts)].some(([, number = '', unit = '']) => {
    const known = units.get(number)?.map(([, , each = '']) => each) ?? [];
    return (
      known.length > 0 &&
      !known.some((each) => each[0] === unit[0] && (isShort(each) || each.slice(0, 3) === unit.slice(0, 3)))
    );
  });
}

function isShort(unit: string): boolean {
  return unit.length < 3 || !/^[a-z]/.test(unit);
}

const longest = 400;

/** Words; in Japanese, letters. */
function pieces(text: string): readonly string[] {
  return (text.match(/[a-z']+|\d+(?:[.,]\d+)*|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]/gu) ?? []).slice(0, longest);
}

/** Length of the longest common subsequence. */
function sharedOrder(a: readonly string[], b: readonly string[]): number {
  let row = new Uint16Array(b.length + 1);
  for (const piece of a) {
    const next = new Uint16Array(b.length + 1);
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = piece === b[j - 1] ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
