/** How likely a quotation answers its question, from the evidence. */
import type { Evidence } from './evidence.ts';

// Fitted on one half of bench/questions/not-found and tried on the other: npm run bench -- not-found --fit.
export const baseline = 0.4;
export const weights: Readonly<Record<keyof Evidence, number>> = {
  retrieved: 0.9,
  quoted: 0.3,
  sentence: 1.2,
  missing: -1.7,
  unknown: -3.1,
  identifier: -2.2,
  number: -2.2,
  name: -1.1,
  apart: -2.2,
  type: -2.2,
  looseType: -1.2,
  phrase: 1.2,
};

/** Below this, "not found" is the better answer: about 5 in 100 answerable questions of the tuning half are refused. */
export const REFUSED_BELOW = 0.35;

/** 0 to 1: larger is better. Not calibrated. */
export function likelihoodOf(evidence: Evidence): number {
  const names = Object.keys(weights) as (keyof Evidence)[];
  const sum = names.reduce((total, name) => total + weights[name] * evidence[name], baseline);
  return 1 / (1 + Math.exp(-sum));
}
