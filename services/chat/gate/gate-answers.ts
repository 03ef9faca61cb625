/** Refuses answers without a model whose quotations do not contain what was asked for. */
import { claimsOf } from '../citations/claims.ts';
import type { Generate } from '../generate.ts';
import type { RetrievedPassage } from '../retrieve.ts';
import { evidenceOf, missingTerm, type Quoted } from './evidence.ts';
import { calibratedLikelihood, likelihoodOf, REFUSED_BELOW } from './likelihood.ts';
import { topicOf } from './topic.ts';

/**
 * How much each text means what the question asks, 0 to 1: 0 for an unrelated text, 1 for one that asks or says the same. Null:
 * embeddings are not available.
 */
export type Likeness = (
  query: string,
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly number[] | null>;

/**
 * Wraps a generator that quotes. Where what was asked for does not occur in the quotations, the answer is empty, so that the
 * outcome is `no_answer`. Nothing is streamed before that is decided.
 * @param likeness absent: words alone decide
 */
export function gateAnswers(generate: Generate, likeness?: Likeness): Generate {
  return async ({ onDelta, ...request }) => {
    const pieces: string[] = [];
    const generation = await generate({ ...request, onDelta: (piece) => pieces.push(piece) });
    const { query, passages, asked, signal } = request;
    const quoted = quotedOf(generation.text, passages);
    if (!asked) return generation;
    const likelihood = quoted.length === 0 ? 0 : likelihoodOf(evidenceOf(query, asked, quoted, await likenessOf()));
    if (likelihood < REFUSED_BELOW) {
      const term = missingTerm(asked, quoted);
      return { ...generation, text: '', notFound: term === null ? null : topicOf(query, term) };
    }
    for (const piece of pieces) onDelta?.(piece);
    return { ...generation, likelihood: calibratedLikelihood(likelihood) };

    async function likenessOf(): Promise<number> {
      const texts = quoted.map(({ text }) => text);
      return Math.max(0, ...((await likeness?.(query, texts, signal)) ?? []));
    }
  };
}

/** The sentences of an answer and the passage that each quotes. */
export function quotedOf(text: string, passages: readonly RetrievedPassage[]): readonly Quoted[] {
  return claimsOf(text, { count: passages.length, texts: [] }).flatMap((claim) => {
    const passage = passages[(claim.marks[0]?.mark.numbers[0] ?? 0) - 1];
    return passage === undefined ? [] : [{ text: claim.text, passage }];
  });
}
