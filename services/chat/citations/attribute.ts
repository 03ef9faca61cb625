/** Finds, for each sentence of an answer without marks, the passage that supports it best. */
import type { RetrievedPassage } from '../retrieve.ts';
import type { Citation } from '../turn.ts';
import { citationOf } from './cite.ts';
import { type Claim, shareOf } from './claims.ts';
import { foldExcerpt } from './excerpt.ts';
import { type IndexedPassage, indexPassage, type Match, matchClaim } from './matcher.ts';

export type Attributed = {
  readonly citations: readonly Citation[];
  /** Percent, 0–100, of the judged sentences that a passage supports; null: none could be judged. */
  readonly citationRate: number | null;
  /** The passages behind the citations. */
  readonly sources: readonly RetrievedPassage[];
};

/** A mark says which passage a sentence rests on, so a weak match is enough. Here each is tried, and a weak match is chance. */
const LEAST_SUPPORT = 0.4;

/**
 * A sentence that no passage supports has no citation. It counts as unsupported only if every passage could be compared: one in
 * another language, or one without text, may be its source.
 */
export function attributeClaims(
  claims: readonly Claim[],
  passages: readonly RetrievedPassage[],
  at: Date,
  query: string,
): Attributed {
  const indexed = passages.filter(({ text }) => foldExcerpt(text) !== '').map(indexPassage);
  const someWithoutText = indexed.length < passages.length;
  const citations = new Map<string, Citation>();
  const sources = new Set<RetrievedPassage>();
  const verdicts = claims
    .filter(({ counted }) => counted)
    .map((claim) => {
      const { best, unjudged } = bestMatch(claim.text, indexed, query);
      if (best === null) return unjudged || someWithoutText ? null : false;
      const { passage } = best;
      const key = `${passage.passageId} ${foldExcerpt(best.match.excerpt)}`;
      if (!citations.has(key)) citations.set(key, citationOf(passages.indexOf(passage) + 1, best.match, passage, at));
      sources.add(passage);
      return true;
    });
  return { citations: [...citations.values()], citationRate: shareOf(verdicts), sources: [...sources] };
}

function bestMatch(claim: string, indexed: readonly IndexedPassage[], query: string) {
  let best: { readonly passage: RetrievedPassage; readonly match: Match } | null = null;
  let unjudged = false;
  for (const each of indexed) {
    const match = matchClaim(claim, each, indexed, query);
    if (match.valid === null) unjudged = true;
    if (match.valid !== true || match.confidence < LEAST_SUPPORT) continue;
    if (best === null || match.confidence > best.match.confidence) best = { passage: each.passage, match };
  }
  return { best, unjudged };
}
