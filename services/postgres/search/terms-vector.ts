/** Builds the `passage.terms` tsvector: the terms of a passage and their positions. */
import { searchTerms } from '../../chat/search/search-terms.ts';

type TermsVector = {
  /** The text of a tsvector. */
  readonly terms: string;
  /** With repetitions. */
  readonly termCount: number;
};

/** Separates the fields, so that words of different fields are never adjacent. */
const fieldGap = 10;
/** The last position of a tsvector; later terms share it. */
const maxPosition = 16_383;
/** Positions that a tsvector keeps per term. */
const maxPositions = 255;

/** Title (weight A), headings (B) and text (D), in this order. Headings are added twice to count double. */
export function termsVector({ title, heading, text }: { title: string; heading: string; text: string }): TermsVector {
  const positions = new Map<string, Map<number, string>>();
  let start = 1;
  for (const [field, weight] of [
    [title, 'A'],
    [heading, 'B'],
    [heading, 'B'],
    [text, ''],
  ] as const) {
    let end = start;
    for (const { term, at } of searchTerms(field)) {
      const position = Math.min(start + at, maxPosition);
      const of = positions.get(term) ?? new Map<number, string>();
      positions.set(term, of);
      if (of.size < maxPositions && !of.has(position)) of.set(position, weight);
      end = start + at + 1;
    }
    start = end === start ? start : end + fieldGap;
  }
  let termCount = 0;
  const lexemes: string[] = [];
  for (const [term, of] of positions) {
    termCount += of.size;
    lexemes.push(`'${term}':${[...of].map(([position, weight]) => `${position}${weight}`).join(',')}`);
  }
  return { terms: lexemes.join(' '), termCount };
}
