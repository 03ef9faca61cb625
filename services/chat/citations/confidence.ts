/** How likely an excerpt supports the sentence that cites it, calibrated on labelled claims. */
import { calibrate, type Table } from './calibrate.ts';
import { coverage, subjectTerms } from './support.ts';

/** Each 0 to 1. */
export type Support = {
  /** Share of the claim's terms in the excerpt, its title and its headings. */
  readonly words: number;
  /** Share of the claim's numbers that the excerpt lacks; 0 for a claim without numbers. */
  readonly numbersLacking: number;
};

const inWords = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const wordNumber = new RegExp(`\\b(?:${inWords.slice(1).join('|')})\\b`, 'giu');

/** @param headings title and headings of the passage */
export function supportOf(claim: string, excerpt: string, headings: ReadonlySet<string>): Support {
  const wanted = subjectTerms(inDigits(claim));
  const present = subjectTerms(inDigits(excerpt));
  const numbers = new Set([...wanted].filter((term) => /^\d/.test(term)));
  return {
    words: coverage(wanted, new Set([...present, ...headings])),
    numbersLacking: numbers.size === 0 ? 0 : 1 - coverage(numbers, present),
  };
}

/** "Four months" and "4 months" say the same. */
function inDigits(text: string): string {
  return text.replace(wordNumber, (word) => String(inWords.indexOf(word.toLowerCase())));
}

// Both measured on one half of bench/questions/not-found/claims.jsonl and tried on the other: npm run bench -- confidence.
const byWords: Table = [
  [0.2, 0.05],
  [0.55, 0.1],
  [0.75, 0.65],
  [0.85, 0.75],
  [1, 0.92],
];
/** None of the claims with a number that the excerpt lacks was supported. */
const wrongNumber = 0.05;

/** The probability that the excerpt supports the claim, 0 to 1. */
export function confidenceOf({ words, numbersLacking }: Support): number {
  return numbersLacking > 0 ? wrongNumber : calibrate(byWords, words);
}
