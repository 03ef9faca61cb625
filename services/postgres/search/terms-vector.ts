/** Writes and reads the `passage.terms` column: which terms stand where in a passage. */
import { searchTerms } from '../../chat/search/search-terms.ts';

type TermsVector = {
  /** A tsvector's text. */
  readonly terms: string;
  /** Repetitions counted. */
  readonly termCount: number;
};

/** Fields lie behind each other, a gap apart, so that no two words of different fields look like neighbours. */
const fieldGap = 10;
/** A tsvector knows no later place; what lies behind shares it. */
const lastPlace = 16_383;
/** A tsvector keeps no more places of one term. */
const mostPlaces = 255;

/** Title (weight A), headings (B) and text (D), in this order. The headings are written twice, so that they count double. */
export function termsVector({ title, heading, text }: { title: string; heading: string; text: string }): TermsVector {
  const places = new Map<string, Map<number, string>>();
  let start = 1;
  for (const [field, weight] of [
    [title, 'A'],
    [heading, 'B'],
    [heading, 'B'],
    [text, ''],
  ] as const) {
    let end = start;
    for (const { term, at } of searchTerms(field)) {
      const place = Math.min(start + at, lastPlace);
      const of = places.get(term) ?? new Map<number, string>();
      places.set(term, of);
      if (of.size < mostPlaces && !of.has(place)) of.set(place, weight);
      end = start + at + 1;
    }
    start = end === start ? start : end + fieldGap;
  }
  let termCount = 0;
  const lexemes: string[] = [];
  for (const [term, of] of places) {
    termCount += of.size;
    lexemes.push(`'${term}':${[...of].map(([place, weight]) => `${place}${weight}`).join(',')}`);
  }
  return { terms: lexemes.join(' '), termCount };
}
