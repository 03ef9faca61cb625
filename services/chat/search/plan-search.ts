/** Plans a search: the terms, the weight of each, and the candidate passages. */
import type { QuestionWord } from './question-words.ts';

/** How rare terms are in the corpus. */
export type TermRarity = {
  /** Passages in the corpus. */
  readonly passages: number;
  /** Terms in the corpus, repetitions included. */
  readonly termCount: number;
  /** Number of passages that contain a term; terms without a passage are absent. */
  readonly holding: ReadonlyMap<string, number>;
};

type PlannedTerm = {
  readonly term: string;
  /** Inverse document frequency times the term's share of the question. */
  readonly weight: number;
  /** Index of the word of the question that it represents. */
  readonly word: number;
  /** 1 for the word itself, less for a synonym. */
  readonly likeness: number;
};

export type SearchPlan = {
  readonly terms: readonly PlannedTerm[];
  /** Text of a tsquery that selects the candidate passages. */
  readonly candidates: string;
  readonly meanTermCount: number;
  /** Weight of each word of the question, including words that the corpus lacks; 0 for pieces of words. */
  readonly wordWeights: readonly number[];
  /** Whether the corpus contains each word: 1 for the word itself, less for a synonym, 0 for neither. */
  readonly known: readonly number[];
  readonly passages: number;
};

/** Every term is looked up in every candidate, so the least specific terms are left out. */
const mostTerms = 16;
/** Approximate number of ranked passages. Rare words come first: the best passage seldom lacks all of them. */
const mostCandidates = 800;

/**
 * Null where the corpus contains none of the question's words.
 * @param filtered whether the search covers only part of the corpus: words that are common in the whole may be the only ones
 *   in that part, so passages with any of the terms are candidates
 */
export function planSearch(words: readonly QuestionWord[], rarity: TermRarity, filtered = false): SearchPlan | null {
  const held = (term: string) => rarity.holding.get(term) ?? 0;
  const idf = (term: string) => Math.log(1 + (rarity.passages - held(term) + 0.5) / (held(term) + 0.5));
  const planned = new Map<string, PlannedTerm>();
  const known: number[] = [];
  for (const [index, { term, share }] of words.entries()) {
    if (held(term) > 0) planned.set(term, { term, weight: share * idf(term), word: index, likeness: 1 });
    known[index] = held(term) > 0 ? 1 : 0;
  }
  for (const [index, { term, share, synonyms }] of words.entries()) {
    for (const [synonym, likeness] of usableSynonyms(term, synonyms, held)) {
      known[index] = Math.max(known[index] ?? 0, likeness);
      if (planned.has(synonym)) continue;
      // A rare synonym of a common word is no more specific than the word itself.
      const weight = share * likeness * Math.min(idf(term), idf(synonym));
      planned.set(synonym, { term: synonym, weight, word: index, likeness });
    }
  }
  if (planned.size === 0) return null;
  const terms = [...planned.values()]
    .sort((a, b) => b.likeness - a.likeness || b.weight - a.weight)
    .slice(0, mostTerms);
  const largestShare = Math.max(...words.map(({ share }) => share));
  return {
    terms,
    candidates: filtered ? terms.map(({ term }) => quoted(term)).join(' | ') : candidates(terms, held),
    meanTermCount: Math.max(1, rarity.termCount / Math.max(1, rarity.passages)),
    wordWeights: words.map(({ term, share }) => (share >= largestShare / 2 ? share * idf(term) : 0)),
    known,
    passages: rarity.passages,
  };
}

/** The language of the question comes first; another language helps only with words that the corpus lacks. */
function usableSynonyms(term: string, synonyms: ReadonlyMap<string, number>, held: (term: string) => number) {
  const present = [...synonyms].filter(([synonym]) => held(synonym) > 0);
  const closest = Math.max(0, ...present.map(([, likeness]) => likeness));
  return present.filter(([, likeness]) => likeness === closest && (closest >= 0.5 || held(term) === 0));
}

/** The rarest terms that have room, the question's own before their synonyms. */
function candidates(terms: readonly PlannedTerm[], held: (term: string) => number): string {
  const byRarity = [...terms].sort((a, b) => held(a.term) - held(b.term));
  const own = byRarity.filter(({ likeness }) => likeness === 1);
  const others = byRarity.filter(({ likeness }) => likeness < 1);
  const chosen: string[] = [];
  let room = mostCandidates;
  for (const { term } of [...own, ...others]) {
    if (held(term) > room) continue;
    chosen.push(quoted(term));
    room -= held(term);
  }
  if (chosen.length > 0) return chosen.join(' | ');
  const [rarest, ...commoner] = byRarity.map(({ term }) => quoted(term));
  return commoner.length > 0 ? `${rarest} & (${commoner.join(' | ')})` : `${rarest}`;
}

function quoted(term: string): string {
  return `'${term}'`;
}
