/** Ranks found passages and measures how much of the question the best of them cover. */
import type { SearchPlan } from './plan-search.ts';

export type Found = {
  readonly contentId: string;
  /** From 0, within the content. */
  readonly position: number;
  readonly heading: string;
  readonly text: string;
  /** What each term of the plan adds to the passage's BM25 score; 0 for terms that the passage lacks. */
  readonly parts: readonly number[];
};

type Ranked<Passage extends Found> = { readonly passage: Passage; readonly rank: number };

// Passages of one section and one document share a subject, so the neighbours of a passage support it.
const neighbourShare = 0.05;
const sectionShare = 0.3;
const contentShare = 0.2;
const ownLanguageBonus = 0.5;

const japanese = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;
const kana = /[\p{sc=Hiragana}\p{sc=Katakana}]/u;

/** @returns all of `found`, best first; equal ones in their original order */
export function rankPassages<Passage extends Found>(question: string, found: readonly Passage[]): Ranked<Passage>[] {
  const scored = found.map((passage) => ({ passage, score: passage.parts.reduce((sum, part) => sum + part, 0) }));
  scored.sort((a, b) => b.score - a.score);
  const best = scored[0]?.score ?? 0;
  const at = new Map(scored.map(({ passage, score }) => [`${passage.contentId} ${passage.position}`, score]));
  const ofSection = new Map<string, number>();
  const ofContent = new Map<string, number>();
  for (const [place, { passage, score }] of scored.entries()) {
    const section = sectionOf(passage);
    ofSection.set(section, Math.max(ofSection.get(section) ?? 0, score));
    ofContent.set(passage.contentId, (ofContent.get(passage.contentId) ?? 0) + score / (place + 1));
  }
  const bestContent = Math.max(...ofContent.values());
  const asksInJapanese = japanese.test(question);
  const ranked = scored.map(({ passage, score }) => {
    const beside = (step: number) => at.get(`${passage.contentId} ${passage.position + step}`) ?? 0;
    const around =
      neighbourShare * (beside(-1) + beside(1)) +
      sectionShare * (ofSection.get(sectionOf(passage)) ?? 0) +
      (contentShare * best * (ofContent.get(passage.contentId) ?? 0)) / bestContent;
    const sameLanguage = kana.test(passage.text) === asksInJapanese;
    return { passage, rank: (score + around) * (sameLanguage ? 1 + ownLanguageBonus : 1) };
  });
  return ranked.sort((a, b) => b.rank - a.rank);
}

/** The best passages, whose coverage of the question is checked. */
const checked = 5;
/** "Erase" and "delete" mean the same, so a synonym counts more here than in ranking. */
const synonymTrust = 1.6;
/** From this many passages on, a collection that lacks a word of the question probably lacks its subject. */
const tellingSize = 5000;

/**
 * How much of the question's weight the best passages cover, times how much of it the corpus knows at all: 0 to 1. The less it
 * is, the less likely the passages answer the question.
 */
export function bestCoverage(plan: SearchPlan, ranked: readonly Ranked<Found>[]): number {
  const best = Math.max(0, ...ranked.slice(0, checked).map(({ passage }) => coverage(plan, passage)));
  const telling = Math.min(1, Math.log(1 + plan.passages) / Math.log(1 + tellingSize));
  return best * weighed(plan, plan.known) ** telling;
}

/** The share of the question's weight that a passage covers, 0 to 1; a synonym counts in part. */
function coverage(plan: SearchPlan, passage: Found): number {
  const held = plan.wordWeights.map(() => 0);
  for (const [index, { word, likeness }] of plan.terms.entries()) {
    if ((passage.parts[index] ?? 0) > 0) held[word] = Math.max(held[word] ?? 0, likeness);
  }
  return weighed(plan, held);
}

function weighed({ wordWeights }: SearchPlan, likenesses: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (const [word, weight] of wordWeights.entries()) {
    sum += weight * Math.min(1, (likenesses[word] ?? 0) * synonymTrust);
    total += weight;
  }
  return sum / total;
}

function sectionOf({ contentId, heading }: Found): string {
  return `${contentId} ${heading}`;
}
