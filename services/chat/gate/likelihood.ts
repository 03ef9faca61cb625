/** How likely a quotation answers its question, from the evidence. */
import type { Evidence } from './evidence.ts';

// Fitted on one half of bench/questions/not-found and tried on the other: npm run bench -- not-found --fit.
export const baseline = 0.4;
export const weights: Readonly<Record<keyof Evidence, number>> = {
  retrieved: 1,
  quoted: 0.4,
  sentence: 1.1,
  missing: -1.8,
  unknown: -3.1,
  identifier: -2.2,
  number: -1.8,
  name: -1.1,
  apart: -1.9,
  type: -2,
  looseType: -1.3,
  phrase: 1.4,
};

/** Below this, "not found" is the better answer: chosen on the tuning half. */
export const REFUSED_BELOW = 0.35;

/** 0 to 1: larger is better. Not calibrated. */
export function likelihoodOf(evidence: Evidence): number {
  const names = Object.keys(weights) as (keyof Evidence)[];
  const sum = names.reduce((total, name) => total + weights[name] * evidence[name], baseline);
  return 1 / (1 + Math.exp(-sum));
}
