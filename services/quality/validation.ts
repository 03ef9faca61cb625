/** How far a quality score can be trusted: its validation figure, and whether it separates right answers from wrong ones. */
import type { QualityScore } from './scores.ts';
import shipped from './validation.json' with { type: 'json' };

/** Measured on one set of labelled answers, with one version of the score. */
export type Validation = {
  readonly score: QualityScore;
  /** How the score is calculated: `words-…`, `embeddings-…` or `judge-…`. */
  readonly version: string;
  /** Name and version of the labelled set, or `votes` for answers of production. */
  readonly set: string;
  readonly auc: number;
  /** Bounds of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Labelled answers, right and wrong. */
  readonly answers: number;
};

const chance = 0.5;

/** A score whose interval includes chance, or that is higher for wrong answers, is not validated; neither is one without a figure. */
export function isValidated(validation: Validation | null): boolean {
  return validation !== null && validation.low > chance;
}

/** The figure of a score's present version on the held-out half of bench/quality; null: there is none. */
export function shippedValidation(score: QualityScore, version?: string): Validation | null {
  const figures = shipped as readonly Validation[];
  return figures.find((each) => each.score === score && (version === undefined || each.version === version)) ?? null;
}
