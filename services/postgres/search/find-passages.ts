/** Finds and ranks the passages for a question: by words, by meaning where vectors are available, and by a reranker. */
import type { Pool } from 'pg';
import type { Rerank } from '../../chat/rerank.ts';
import { fuseRankings } from '../../chat/search/fuse-rankings.ts';
import { planSearch, type SearchPlan } from '../../chat/search/plan-search.ts';
import type { QuestionWord } from '../../chat/search/question-words.ts';
import { rankPassages } from '../../chat/search/rank-passages.ts';
import type { NearPassages, SearchByMeaning } from '../../chat/search/semantic-search.ts';
import type { Reader } from './readable-passages.ts';
import { type FoundPassage, readFoundPassages, searchPassages } from './search-passages.ts';
import { readTermRarity } from './term-rarity.ts';

export type RankedPassage = { readonly passage: FoundPassage; readonly rank: number };

export type FoundPassages = {
  /** Null: the corpus contains none of the question's words. */
  readonly plan: SearchPlan | null;
  /** Best first. */
  readonly ranked: readonly RankedPassage[];
  /** How the search by meaning judges its best passage; null: there was none. */
  readonly standsOut: number | null;
};

export type Searches = {
  /** Null: no embeddings server. */
  readonly byMeaning: SearchByMeaning | null;
  /** Null: no reranker. `mayRead`: whether it may be sent a passage. */
  readonly rerank: { readonly score: Rerank; readonly mayRead: (passage: FoundPassage) => boolean } | null;
};

/** Without an embeddings server and a reranker. */
export const wordsOnly: Searches = { byMeaning: null, rerank: null };

/** Passages that each search contributes. */
const shortlist = 50;
/** Passages that the reranker scores: its time grows with their number. */
const reranked = 20;

/**
 * @param query the question as it is searched by meaning and reranked
 * @param words the same question's words
 */
export async function findPassages(
  pool: Pool,
  { query, words, signal, ...reader }: Reader & { query: string; words: readonly QuestionWord[]; signal: AbortSignal },
  { byMeaning, rerank }: Searches,
): Promise<FoundPassages> {
  const [byWords, near] = await Promise.all([
    searchByWords(pool, query, words, reader),
    byMeaning === null ? null : byMeaning({ query, limit: shortlist, signal, ...reader }),
  ]);
  signal.throwIfAborted();
  const { plan } = byWords;
  const fused = near === null ? byWords.ranked : await fuse(pool, byWords, near);
  const ranked = rerank === null ? fused : await sortByReranker(query, fused, rerank, signal);
  return { plan, ranked, standsOut: near?.standsOut ?? null };
}

type FoundByWords = { readonly plan: SearchPlan | null; readonly ranked: readonly RankedPassage[] };

async function searchByWords(
  pool: Pool,
  query: string,
  words: readonly QuestionWord[],
  reader: Reader,
): Promise<FoundByWords> {
  if (words.length === 0) return { plan: null, ranked: [] };
  const searched = words.flatMap(({ term, synonyms }) => [term, ...synonyms.keys()]);
  const plan = planSearch(words, await readTermRarity(pool, searched), reader.filters !== null);
  if (plan === null) return { plan: null, ranked: [] };
  const found = await searchPassages(pool, { ...plan, ...reader, limit: shortlist });
  return { plan, ranked: rankPassages(query, found) };
}

async function fuse(
  pool: Pool,
  { plan, ranked }: FoundByWords,
  { passages: near }: NearPassages,
): Promise<readonly RankedPassage[]> {
  const held = new Map(ranked.map(({ passage }) => [passage.passageId, passage]));
  const missing = near.filter(({ passageId }) => !held.has(passageId)).map(({ passageId }) => passageId);
  const noWords = { terms: [], meanTermCount: 1 };
  const added = missing.length === 0 ? [] : await readFoundPassages(pool, missing, plan ?? noWords);
  for (const passage of added) held.set(passage.passageId, passage);
  const byWords = ranked.map(({ passage }) => passage.passageId);
  const byMeaning = near.map(({ passageId }) => passageId);
  return fuseRankings([byWords, byMeaning]).flatMap(([id, rank]) => {
    const passage = held.get(id);
    return passage === undefined ? [] : [{ passage, rank }];
  });
}

/** Sorts the first passages among the places that they hold. What the reranker may not read stays where it is. */
async function sortByReranker(
  query: string,
  ranked: readonly RankedPassage[],
  { score, mayRead }: NonNullable<Searches['rerank']>,
  signal: AbortSignal,
): Promise<readonly RankedPassage[]> {
  const places = ranked
    .slice(0, reranked)
    .flatMap(({ passage }, place) => (mayRead(passage) ? [{ passage, place }] : []));
  if (places.length < 2) return ranked;
  const texts = places.map(({ passage: { title, heading, text } }) =>
    [title, heading, text].filter(Boolean).join('\n'),
  );
  const scores = await score(query, texts, signal);
  if (scores === null) return ranked;
  const best = places
    .map(({ passage }, index) => ({ passage, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score);
  const sorted = [...ranked];
  for (const [index, { place }] of places.entries()) {
    const passage = best[index]?.passage;
    const rank = ranked[place]?.rank;
    if (passage !== undefined && rank !== undefined) sorted[place] = { passage, rank };
  }
  return sorted;
}
