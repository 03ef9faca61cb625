/** Estimates from vectors and words together whether an answer is what was asked for. */
import { type Embed, similarity } from '../chat/embed.ts';
import { relevanceSigns, type ScoredAnswer } from './score-answer.ts';

type Weights = {
  readonly intercept: number;
  readonly rare: number;
  readonly place: number;
  readonly sentence: number;
  readonly heading: number;
};

/**
 * What counts as similar differs from model to model, so each has weights of its own; another model has none, and words decide. Fitted
 * by logistic regression on the tuned half of bench/quality: npm run bench -- quality.
 */
const fitted: Readonly<Record<string, Weights>> = {
  'use-multilingual': { intercept: -6.154, rare: 1.646, place: -1.243, sentence: 3.165, heading: 3.802 },
  'multilingual-e5-small-q4': { intercept: -52.27, rare: 1.685, place: -1.375, sentence: 30.469, heading: 25.622 },
};

/** Characters: a model reads a few hundred tokens. */
const longestText = 400;
const mostSentences = 12;

export type ScoreByMeaning = {
  /** Stored with each score. */
  readonly version: string;
  /** The answer relevance, 0 to 1, to two decimals; null: not judged. @throws {Error} where the embeddings server fails */
  readonly score: (answer: ScoredAnswer, signal?: AbortSignal) => Promise<number | null>;
};

/** Null for a model whose similarities were never compared with labels. */
export function createScoreByMeaning(model: string, embed: Embed): ScoreByMeaning | null {
  const weights = fitted[model];
  if (weights === undefined) return null;
  return {
    version: `meaning-1 ${model}`,
    async score(answer, signal) {
      const signs = relevanceSigns(answer);
      if (signs === null) return null;
      const { rare, place, sentences, headings } = signs;
      const said = sentences.slice(0, mostSentences).map((text) => text.slice(0, longestText).toWellFormed());
      const above = [...new Set(headings.slice(0, mostSentences))].map((text) =>
        text.slice(0, longestText).toWellFormed(),
      );
      const [asked, vectors] = await Promise.all([
        embed([answer.query], 'question', signal),
        embed([...said, ...above], 'passage', signal),
      ]);
      const likeness = vectors.map((vector) => similarity(asked[0] ?? vector, vector));
      const sentence = Math.max(...likeness.slice(0, said.length));
      const heading = Math.max(...likeness.slice(said.length));
      const sum =
        weights.intercept +
        weights.rare * rare +
        weights.place * place +
        weights.sentence * sentence +
        weights.heading * heading;
      return Math.round(100 / (1 + Math.exp(-sum))) / 100;
    },
  };
}
