/** Refuses answers without a model whose quotations do not contain what was asked for. */
import { claimsOf } from '../citations/claims.ts';
import type { Generate } from '../generate.ts';
import type { RetrievedPassage } from '../retrieve.ts';
import { evidenceOf, missingTerm, type Quoted } from './evidence.ts';
import { calibratedLikelihood, likelihoodOf, REFUSED_BELOW } from './likelihood.ts';
import { topicOf } from './topic.ts';

/**
 * Wraps a generator that quotes. Where what was asked for does not occur in the quotations, the answer is empty, so that the
 * outcome is `no_answer`. Nothing is streamed before that is decided.
 */
export function gateAnswers(generate: Generate): Generate {
  return async ({ onDelta, ...request }) => {
    const pieces: string[] = [];
    const generation = await generate({ ...request, onDelta: (piece) => pieces.push(piece) });
    const { query, passages, asked } = request;
    const quoted = quotedOf(generation.text, passages);
    if (!asked) return generation;
    const likelihood = quoted.length === 0 ? 0 : likelihoodOf(evidenceOf(query, asked, quoted));
    if (likelihood < REFUSED_BELOW) {
      const term = missingTerm(asked, quoted);
      return { ...generation, text: '', notFound: term === null ? null : topicOf(query, term) };
    }
    for (const piece of pieces) onDelta?.(piece);
    return { ...generation, likelihood: calibratedLikelihood(likelihood) };
  };
}

/** The sentences of an answer and the passage that each quotes. */
export function quotedOf(text: string, passages: readonly RetrievedPassage[]): readonly Quoted[] {
  return claimsOf(text, { count: passages.length, texts: [] }).flatMap((claim) => {
    const passage = passages[(claim.marks[0]?.mark.numbers[0] ?? 0) - 1];
    return passage === undefined ? [] : [{ text: claim.text, passage }];
  });
}
