/** How far a quality score can be trusted: its validation figure, and whether it separates right answers from wrong ones. */
import { limits } from '../slo/limits.ts';
import shipped from './validation.json' with { type: 'json' };

/** Measured on one set of labelled answers, with one version of the score. */
export type Validation = {
  /** One of `qualityScores`, or `judge`. */
  readonly score: string;
  /** How the score is calculated: `words-1`, or `judge-1` and the model. */
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

export const votes = 'votes';

/** A score whose interval includes chance, or that is higher for wrong answers, is not validated; neither is one without a figure. */
export function isValidated(validation: Validation | null): boolean {
  return validation !== null && validation.low > limits.scores.chance;
}

/** The figures of all versions that this release can calculate. */
export const shippedValidations: readonly Validation[] = shipped;

/** The figure on the held-out half of bench/quality; null: there is none for this version. */
export function shippedValidation(score: string, version?: string): Validation | null {
  const isAsked = (each: Validation) => each.score === score && (version === undefined || each.version === version);
  return shippedValidations.find(isAsked) ?? null;
}

/** A score's figure that counts; null: it was never compared with labels or votes. */
export type Trusted = {
  readonly validation: Validation | null;
  /** Whether the score may be recorded and displayed. */
  readonly isShown: boolean;
};

export type Trust = (score: string, version: string) => Trusted;

/**
 * Votes count from 100 on, because they are about this service's own answers; before, the shipped figure counts. A judge has no
 * shipped figure, because it depends on the model: it is shown until votes contradict it.
 */
export function createTrust(readVotes: () => readonly Validation[]): Trust {
  return (score, version) => {
    const voted = readVotes().find((each) => each.score === score && each.version === version);
    const counted =
      voted !== undefined && voted.answers >= limits.scores.fewestVotes ? voted : shippedValidation(score, version);
    return { validation: counted, isShown: counted === null ? score === 'judge' : isValidated(counted) };
  };
}
