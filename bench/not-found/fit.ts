/** Fits the weights of services/chat/gate/likelihood.ts on the tuning half, by logistic regression. */
import { baseline, weights } from '../../services/chat/gate/likelihood.ts';
import { isAnswerable, isTuning } from './cases.ts';
import type { Observed } from './observe.ts';

/** Each weight is drawn to what the feature means, so that a kind that is rare in the labelled set still counts. */
const expected: Readonly<Record<string, number>> = { identifier: -3, number: -1.5, name: -1, type: -1.5, apart: -1 };
const pull = 0.004;
const steps = 4_000;
const rate = 0.5;

type Name = keyof typeof weights;

/** @returns new weights to one decimal; supporting features never count against an answer, nor the reverse */
export function fitWeights(all: readonly Observed[]): { readonly baseline: number; readonly weights: typeof weights } {
  const names = Object.keys(weights) as Name[];
  const rows = all.flatMap(({ of, evidence }) =>
    isTuning(of) && evidence !== null ? [{ evidence, right: isAnswerable(of) ? 1 : 0 }] : [],
  );
  const fitted: Record<Name, number> = { ...weights };
  for (const name of names) fitted[name] = expected[name] ?? 0;
  let start = baseline;
  for (let step = 0; step < steps; step += 1) {
    const slopes = new Map<Name, number>();
    let slope = 0;
    for (const { evidence, right } of rows) {
      const sum = names.reduce((total, name) => total + fitted[name] * evidence[name], start);
      const error = (1 / (1 + Math.exp(-sum)) - right) / rows.length;
      slope += error;
      for (const name of names) slopes.set(name, (slopes.get(name) ?? 0) + error * evidence[name]);
    }
    start -= rate * slope;
    for (const name of names) {
      const next = fitted[name] - rate * ((slopes.get(name) ?? 0) + pull * (fitted[name] - (expected[name] ?? 0)));
      fitted[name] = weights[name] > 0 ? Math.max(0, next) : Math.min(0, next);
    }
  }
  const rounded = names.map((name) => [name, Math.round(10 * fitted[name]) / 10]);
  return { baseline: Math.round(10 * start) / 10, weights: Object.fromEntries(rounded) };
}
