/** Calculates the quality scores of an answer from words, without a model. */
import { splitLines } from '../chat/citations/sentences.ts';
import { coverage, numbersOf, subjectTerms } from '../chat/citations/support.ts';
import { isJapanese } from '../chat/search/is-japanese.ts';
import type { QualityValues } from './scores.ts';

export type ScoredPassage = { readonly title: string; readonly heading: string; readonly text: string };

export type ScoredAnswer = {
  readonly query: string;
  /** Without marks. */
  readonly answer: string;
  /** What the answer was written from, best first. */
  readonly passages: readonly ScoredPassage[];
};

/** Scores are null where the words do not decide: no passages, no words, or passages in another language only. */
export function scoreAnswerQuality(answered: ScoredAnswer): QualityValues {
  return {
    groundedness: rounded(groundedness(answered)),
    answer_relevance: rounded(answerRelevance(answered)),
    context_relevance: rounded(contextRelevance(answered)),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}

function groundedness({ answer, passages }: ScoredAnswer): number | null {
  const present = passages.map(({ title, heading, text }) => subjectTerms(`${title}\n${heading}\n${text}`));
  const isOtherLanguage = passages.every(({ text }) => isJapanese(text) !== isJapanese(answer));
  const claims = splitLines(answer)
    .filter(({ kind }) => kind === 'sentence')
    .map(({ start, end }) => subjectTerms(answer.slice(start, end)))
    .filter(({ size }) => size > 0);
  if (passages.length === 0 || claims.length === 0 || isOtherLanguage) return null;
  const supported = claims.map((claim) => {
    const numbers = numbersOf(claim);
    return Math.max(
      ...present.map((terms) => coverage(claim, terms) * (numbers.size === 0 ? 1 : coverage(numbers, terms))),
    );
  });
  return supported.reduce((sum, each) => sum + each, 0) / supported.length;
}

function answerRelevance({ query, answer }: ScoredAnswer): number | null {
  const asked = subjectTerms(query);
  return asked.size === 0 ? null : coverage(asked, subjectTerms(answer));
}

function contextRelevance({ query, passages }: ScoredAnswer): number | null {
  const asked = subjectTerms(query);
  if (asked.size === 0 || passages.length === 0) return null;
  return Math.max(
    ...passages.map(({ title, heading, text }) => coverage(asked, subjectTerms(`${title}\n${heading}\n${text}`))),
  );
}
