/** Turns the marks of a generated answer into citations, and checks each against its passage. */

import type { Generation } from '../generate.ts';
import { isRefusal, notFoundReply } from '../refusal.ts';
import type { RetrievedPassage } from '../retrieve.ts';
import type { Citation, MarkOffsets } from '../turn.ts';
import { claimsOf, rateOf } from './claims.ts';
import { foldExcerpt } from './excerpt.ts';
import { findMarks, type Mark, replaceMarks } from './marks.ts';
import { type IndexedPassage, indexPassage, type Match, matchClaim } from './matcher.ts';
import { sourceOf, sourceTypeOf, urlOf } from './source.ts';

export type Cited = {
  readonly outcome: 'answered' | 'no_answer';
  /** With marks renumbered to refer to `citations`, from 1; every other letter as the model wrote it. */
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Percent, 0–100; null: no claim could be judged. */
  readonly citationRate: number | null;
  /** The passages behind all citations, invalid ones included: the answer may owe them its licence. */
  readonly sources: readonly RetrievedPassage[];
};

/**
 * Each mark of each sentence becomes a citation; equal excerpts of one passage share a citation. A labelled mark without a
 * passage becomes an invalid citation of "[9]". Without text, or with a refusal in prose, the outcome is `no_answer`.
 *
 * `citationRate` is the percentage, to two decimals, of the answer's judged claims with a valid citation.
 * @param passages the generator's passages in the same order
 * @param at the time of the citations
 * @param query the question; "not found" is written in its language
 */
export function citeAnswer(
  generation: Pick<Generation, 'text' | 'notFound' | 'likelihood'>,
  passages: readonly RetrievedPassage[],
  at: Date,
  query: string,
): Cited {
  const text = generation.text.trim();
  if (text === '') {
    const answer = notFoundReply(query, generation.notFound);
    return { outcome: 'no_answer', answer, citations: [], citationRate: 0, sources: [] };
  }
  const numbered = { count: passages.length, texts: passages.map((passage) => foldExcerpt(passage.text)) };
  const claims = claimsOf(text, numbered);
  if (isRefusal(claims)) return { outcome: 'no_answer', answer: text, citations: [], citationRate: 0, sources: [] };
  const list = createCitationList(passages, at, generation.likelihood ?? 1);
  const pointing = new Map<number, readonly number[]>();
  for (const claim of claims) {
    const indexed = list.indexed(new Set(claim.marks.flatMap(({ mark }) => mark.numbers)));
    const known = new Map<string, number>();
    for (const { mark, part } of claim.marks) {
      const places = mark.numbers.map((number) => {
        const place = known.get(`${number} ${part}`) ?? list.cite(number, part, claim.text, indexed, query);
        known.set(`${number} ${part}`, place);
        return place;
      });
      pointing.set(mark.start, [...new Set(places)]);
    }
  }
  const places = (mark: Mark) => pointing.get(mark.start) ?? [];
  const offsets = new Map<number, MarkOffsets[]>();
  const answer = replaceMarks(text, findMarks(text, numbered), (mark, offset) => {
    let written = '';
    for (const place of places(mark)) {
      const start = offset + written.length;
      written += `[${place}]`;
      offsets.set(place, [...(offsets.get(place) ?? []), { start, end: offset + written.length }]);
    }
    return written;
  });
  return {
    outcome: 'answered',
    answer,
    citations: list.citations.map((citation, index) => ({ ...citation, marks: offsets.get(index + 1) ?? [] })),
    citationRate: rateOf(claims, (mark) => {
      const verdicts = places(mark).map((place) => list.citations[place - 1]?.valid ?? null);
      return verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;
    }),
    sources: list.sources(),
  };
}

function createCitationList(passages: readonly RetrievedPassage[], at: Date, likelihood: number) {
  const citations: Citation[] = [];
  const keys = new Map<string, number>();
  const indexedPassages = new Map<number, IndexedPassage>();

  const index = (number: number): IndexedPassage | undefined => {
    const passage = passages[number - 1];
    if (passage === undefined) return undefined;
    const found = indexedPassages.get(number) ?? indexPassage(passage);
    indexedPassages.set(number, found);
    return found;
  };

  return {
    citations,
    indexed: (numbers: ReadonlySet<number>) => [...numbers].map(index).filter((found) => found !== undefined),
    sources: () => [...new Set([...indexedPassages.values()].map(({ passage }) => passage))],
    /** The place, from 1, of the citation of passage `number` for a claim. */
    cite(number: number, part: string, claim: string, others: readonly IndexedPassage[], query: string): number {
      const found = index(number);
      const match = found === undefined ? null : strongest(part, claim, found, others, query);
      const { confidence, ...matched } = match ?? { excerpt: claim, valid: false, confidence: 0 };
      // A quotation supports itself, so what is in doubt is whether it answers the question.
      const likely = Math.round(100 * confidence * likelihood) / 100;
      const citation = citationOf(number, { ...matched, confidence: likely }, found?.passage, at);
      const key = `${citation.passageId ?? citation.source} ${foldExcerpt(citation.excerpt)}`;
      const known = keys.get(key);
      if (known !== undefined) return known;
      keys.set(key, citations.push(citation));
      return citations.length;
    },
  };
}

/** Matches the part of the sentence before the mark, and the whole sentence where that part alone is not valid. */
function strongest(
  part: string,
  claim: string,
  index: IndexedPassage,
  others: readonly IndexedPassage[],
  query: string,
): Match {
  // Other applications may report a document without its text.
  if (index.folded === '') return { excerpt: claim, valid: null, confidence: 0 };
  const match = matchClaim(part, index, others, query);
  if (match.valid === true || part === claim) return match;
  const whole = matchClaim(claim, index, others, query);
  return whole.valid === false && match.valid === null ? match : whole;
}

/** @param passage undefined: no passage has the number */
export function citationOf(number: number, match: Match, passage: RetrievedPassage | undefined, at: Date): Citation {
  const { excerpt, valid, confidence } = match;
  const timestamp = at.toISOString();
  if (passage === undefined) {
    return { source: `[${number}]`, sourceType: 'document', excerpt, confidence, timestamp, valid };
  }
  const url = urlOf(passage);
  return {
    source: sourceOf(passage),
    sourceType: sourceTypeOf(passage),
    excerpt,
    confidence,
    timestamp,
    ...(passage.pageNumber === null ? {} : { pageNumber: passage.pageNumber }),
    ...(passage.startSeconds === null ? {} : { startSeconds: passage.startSeconds }),
    paragraphIndex: passage.paragraphIndex,
    valid,
    ...(url === null ? {} : { url }),
    contentId: passage.contentId,
    passageId: passage.passageId,
  };
}
