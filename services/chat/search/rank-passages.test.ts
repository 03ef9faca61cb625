import { expect, test } from 'vitest';
import { planSearch, type TermRarity } from './plan-search.ts';
import { questionWords } from './question-words.ts';
import { bestCoverage, type Found, rankPassages } from './rank-passages.ts';

const found = (contentId: string, position: number, parts: number[], heading = '', text = 'text'): Found => ({
  contentId,
  position,
  heading,
  text,
  parts,
});
const rarity = (passages: number, holding: Record<string, number>): TermRarity => ({
  passages,
  termCount: passages * 70,
  holding: new Map(Object.entries(holding)),
});
const plan = (question: string, known: TermRarity) => planSearch(questionWords(question, null), known);

test('of two passages that match alike, the one in the section that speaks of the subject comes first', () => {
  const ranked = rankPassages('How to retry?', [
    found('alone', 5, [3]),
    found('manual', 7, [3], 'Retries'),
    found('manual', 11, [9], 'Retries'),
  ]);
  expect(ranked.map(({ passage }) => `${passage.contentId} ${passage.position}`)).toEqual([
    'manual 11',
    'manual 7',
    'alone 5',
  ]);
});

test('of two passages that match alike, the one in the language of the question comes first', () => {
  const both = [found('a', 0, [3], '', 'Set RAG up.'), found('b', 0, [3], '', 'RAG を設定します。')];
  const first = (question: string) => rankPassages(question, both)[0]?.passage.contentId;
  expect([first('What is RAG?'), first('RAGとは')]).toEqual(['a', 'b']);
});

test('a rare word of the question outweighs common ones, and its synonyms count less than itself', () => {
  const planned = plan(
    'delete a package in the archive',
    rarity(5000, { delet: 31, packag: 2917, remov: 47, archiv: 613 }),
  );
  const weights = Object.fromEntries(planned?.terms.map(({ term, weight }) => [term, weight]) ?? []);
  expect(weights.delet).toBeGreaterThan(weights.remov ?? 0);
  expect(weights.remov).toBeGreaterThan(weights.archiv ?? 0);
  expect(weights.archiv).toBeGreaterThan(weights.packag ?? 0);
});

test('passages with none but the commonest words are not looked at where a rarer word leads', () => {
  expect(plan('quirk in a package', rarity(9000, { quirk: 3, packag: 7000 }))?.candidates).toBe("'quirk'");
  expect(plan('package file', rarity(9000, { packag: 7000, file: 5000 }))?.candidates).toBe("'file' & ('packag')");
  expect(plan('package', rarity(9000, { packag: 7000 }))?.candidates).toBe("'packag'");
});

test('a question whose words the corpus does not hold has no plan', () => {
  expect(plan('How do I bake sourdough bread?', rarity(37, { rag: 11 }))).toBeNull();
});

const coverageOf = (searched: ReturnType<typeof plan>, parts: (terms: number) => number[]) =>
  searched === null ? 0 : bestCoverage(searched, [{ rank: 1, passage: found('a', 0, parts(searched.terms.length)) }]);
const all = (terms: number) => Array.from({ length: terms }, () => 2);

test('a passage with all words of the question covers it, one with a common word of it hardly', () => {
  const corpus = rarity(5000, { retriev: 13, augment: 3, gener: 211, cat: 400 });
  expect(coverageOf(plan('retrieval augmented generation', corpus), all)).toBe(1);
  expect(coverageOf(plan('which vaccinations does my cat need before travelling to Kenya', corpus), all)).toBeLessThan(
    0.1,
  );
});

test('a missing word lowers the coverage less in a small collection than in a large one', () => {
  const missing = (passages: number) =>
    coverageOf(plan('retrieval nowadays', rarity(passages, { retriev: passages / 9 })), all);
  expect(missing(9)).toBeGreaterThan(2 * missing(9000));
});

test('a question that points back is read with the one before it, and no other question is', () => {
  const asked = (question: string) =>
    questionWords(question, 'What is retrieval augmented generation?').map(({ term }) => term);
  expect(asked('and in Japanese?')).toEqual(['japanes', 'retriev', 'augment', 'gener']);
  expect(asked('What is a burn rate?')).toEqual(['burn', 'rate']);
});
