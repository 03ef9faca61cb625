/** How likely a quotation answers its question, from the evidence. */
import { calibrate, type Table } from '../citations/calibrate.ts';
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

/** Below this, "not found" is the better answer: about 3 in 100 answerable questions of the tuning half are refused, 9 of the other half. */
export const REFUSED_BELOW = 0.35;

/** 0 to 1: larger is better. Not calibrated. */
export function likelihoodOf(evidence: Evidence): number {
  const names = Object.keys(weights) as (keyof Evidence)[];
  const sum = names.reduce((total, name) => total + weights[name] * evidence[name], baseline);
  return 1 / (1 + Math.exp(-sum));
}

// Measured on the tuning half, with unanswerable questions as half of all: npm run bench -- confidence.
const right: Table = [
  [0.35, 0.1],
  [0.7, 0.25],
  [0.85, 0.38],
  [0.9, 0.6],
  [0.945, 0.73],
  [0.97, 0.92],
  [0.982, 0.97],
];

/** The probability that an answer with this likelihood quotes what was asked for. */
export function calibratedLikelihood(likelihood: number): number {
  return calibrate(right, likelihood);
}
