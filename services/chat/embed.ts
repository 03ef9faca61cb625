/** The request and the result of turning texts into vectors, and how similar two of them are. */

/** Of length 1, so that the dot product of two is their cosine. */
export type Vector = Float32Array;

/** Models that were trained on pairs embed a question and the passage that answers it differently. */
export type TextKind = 'question' | 'passage';

/**
 * One vector for each text, in their order. Vectors of one model have the same number of dimensions.
 * @throws {Error} whose `safeMessage` says what to check, when the embeddings server fails or the signal aborts
 */
export type Embed = (texts: readonly string[], kind: TextKind, signal?: AbortSignal) => Promise<readonly Vector[]>;

/** The text by whose vector a model is recognised, whatever its name. */
export const PROBE = 'A model is known by its answers. モデルは答えでわかります。';
/** Two vectors of the probe by the same model: servers round differently. */
const SAME_MODEL = 0.98;

export function isSameModel(a: Vector, b: Vector): boolean {
  return a.length === b.length && similarity(a, b) >= SAME_MODEL;
}

/** The cosine of two vectors, -1 to 1. What counts as similar differs from model to model. */
export function similarity(a: Vector, b: Vector): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** Null for a vector without a direction. */
export function toUnitLength(values: ArrayLike<number>): Vector | null {
  const vector = Float32Array.from(values);
  const length = Math.sqrt(similarity(vector, vector));
  if (!(length > 0 && Number.isFinite(length))) return null;
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
