/** Calculates the quality scores of an answer from words, without a model. */
import { splitLines } from '../chat/citations/sentences.ts';
import { coverage, numbersOf } from '../chat/citations/support.ts';
import { isJapanese } from '../chat/search/is-japanese.ts';
import { type AskedTerm, askedTerms, heldShare, heldWeight, joined, readWords, type Words } from './question-terms.ts';
import type { QualityValues } from './scores.ts';
import { supportSigns } from './support-signs.ts';

export type ScoredPassage = { readonly title: string; readonly heading: string; readonly text: string };

export type ScoredAnswer = {
  readonly query: string;
  /** Without marks. */
  readonly answer: string;
  /** What the answer was written from, best first. */
  readonly passages: readonly ScoredPassage[];
  /** Inverse document frequency of the question's words; null: not known. */
  readonly weights: ReadonlyMap<string, number> | null;
};

type ReadPassage = {
  readonly text: string;
  /** Title and heading. */
  readonly context: string;
  readonly body: Words;
  readonly headings: Words;
  readonly whole: Words;
  readonly isJapanese: boolean;
};

/** Scores are null where the words do not decide: without passages, without words, and for passages in another language only. */
export function scoreAnswerQuality({ query, answer, passages, weights }: ScoredAnswer): QualityValues {
  const asked = askedTerms(query, weights);
  const read = passages.map(readPassage);
  const said = readSentences(answer);
  const sentences = said.map(({ words }) => words);
  const language = isJapanese(answer);
  const readable = read.filter((passage) => passage.isJapanese === language);
  return {
    groundedness: rounded(readable.length === 0 ? null : groundedness(said, readable)),
    answer_relevance: rounded(answerRelevance(asked, sentences, read)),
    context_relevance: rounded(contextRelevance(asked, read)),
  };
}

type ReadSentence = { readonly text: string; readonly words: Words };

/** Without those that have no words. */
function readSentences(answer: string): readonly ReadSentence[] {
  return splitLines(answer)
    .filter(({ kind }) => kind === 'sentence')
    .map(({ start, end }) => answer.slice(start, end))
    .map((text) => ({ text, words: readWords(text) }))
    .filter(({ words }) => words.terms.size > 0);
}

function readPassage({ title, heading, text }: ScoredPassage): ReadPassage {
  const body = readWords(text);
  const context = `${title}\n${heading}`;
  const headings = readWords(context);
  return { text, context, body, headings, whole: joined([body, headings]), isJapanese: isJapanese(text) };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}

/** The mean, over the sentences of the answer, of how far the passage that contains most of a sentence supports it. */
function groundedness(sentences: readonly ReadSentence[], passages: readonly ReadPassage[]): number | null {
  if (sentences.length === 0) return null;
  return mean(sentences.map((sentence) => support(sentence, passages)));
}

/** Of this share of its words on, a sentence without any sign of the contrary counts as supported: a paraphrase has others. */
const paraphrased = 0.7;

function support({ text, words }: ReadSentence, passages: readonly ReadPassage[]): number {
  if (passages.some((passage) => passage.text.includes(text))) return 1;
  const held = passages.map(({ whole }) => {
    const numbers = numbersOf(words.terms);
    return coverage(words.terms, whole.terms) * (numbers.size === 0 ? 1 : coverage(numbers, whole.terms));
  });
  const best = passages[held.indexOf(Math.max(...held))];
  if (best === undefined) return 0;
  const signs = supportSigns(text, best.text, best.context);
  return (
    Math.min(1, signs.words / paraphrased) *
    (1 - 0.8 * signs.numbersLacking) *
    (1 - 0.7 * signs.unit) *
    (1 - 0.7 * signs.negation) *
    (1 - 2 * Math.min(0.4, signs.changed))
  );
}

// Fitted by logistic regression on the tuned half of bench/quality: npm run bench -- quality.
const relevanceModel = { intercept: -5.475, rare: 2.157, headings: 1.428, place: -1.036 } as const;

/**
 * The estimated chance that the answer is what was asked for. Every answer contains words of its question, because retrieval chose
 * its passages by them. Right ones contain the rare words in one sentence or above it, stand below headings that name the
 * subject, and come from the passages that were found first.
 */
function answerRelevance(
  asked: readonly AskedTerm[],
  sentences: readonly Words[],
  passages: readonly ReadPassage[],
): number | null {
  if (asked.length === 0 || sentences.length === 0 || passages.length === 0) return null;
  const placed = sentences.map((sentence) => {
    const place = likeliestPassage(sentence, passages);
    const headings = passages[place]?.headings ?? readWords('');
    return { place, headings, words: joined([sentence, headings]) };
  });
  const rare = Math.log1p(Math.max(...placed.map(({ words }) => heldWeight(asked, words))));
  const named = Math.max(...placed.map(({ headings }) => heldShare(asked, headings)));
  const { intercept, rare: byRare, headings: byHeadings, place: byPlace } = relevanceModel;
  const place = Math.log1p(mean(placed.map((each) => each.place)));
  return logistic(intercept + byRare * rare + byHeadings * named + byPlace * place);
}

export type RelevanceSigns = {
  /** Weight of the question's words in the passage that was found first, as its logarithm. */
  readonly rare: number;
  /** Mean place of the passages that the sentences come from, as its logarithm. */
  readonly place: number;
  readonly sentences: readonly string[];
  /** Above each sentence. */
  readonly headings: readonly string[];
};

/** What `score-by-meaning.ts` compares with the question; null: nothing to compare. */
export function relevanceSigns({ query, answer, passages, weights }: ScoredAnswer): RelevanceSigns | null {
  const sentences = readSentences(answer);
  const read = passages.map(readPassage);
  const [first] = read;
  if (first === undefined || sentences.length === 0) return null;
  const places = sentences.map(({ words }) => likeliestPassage(words, read));
  return {
    rare: Math.log1p(heldWeight(askedTerms(query, weights), first.whole)),
    place: Math.log1p(mean(places)),
    sentences: sentences.map(({ text }) => text),
    headings: places.map((place) => passages[place]?.heading || passages[place]?.title || ''),
  };
}

/** The first of those that contain most of the sentence, from 0. */
function likeliestPassage({ terms }: Words, passages: readonly ReadPassage[]): number {
  let best = 0;
  let most = -1;
  for (const [place, { body }] of passages.entries()) {
    const share = coverage(terms, body.terms);
    if (share > most) [best, most] = [place, share];
  }
  return best;
}

const contextModel = { intercept: -4.811, rare: 1.866 } as const;

/** The estimated chance that the passages contain what was asked for: by the rare words in the passage that was found first. */
function contextRelevance(asked: readonly AskedTerm[], passages: readonly ReadPassage[]): number | null {
  const [first] = passages;
  if (asked.length === 0 || first === undefined) return null;
  return logistic(contextModel.intercept + contextModel.rare * Math.log1p(heldWeight(asked, first.whole)));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
