/** Reads the vectors out of an embeddings response, in the shapes that servers send. */
import { toUnitLength, type Vector } from '../../chat/embed.ts';

/** Bytes of a number in base64 vectors: 32-bit floats, little-endian. */
const FLOAT_BYTES = 4;

/**
 * OpenAI's `data` with an index each, also as a bare list (llama.cpp); a bare list of vectors (TEI); `embeddings` as a list
 * (Ollama) or by type (Cohere). A vector is a list of numbers, base64, or a list that holds one vector.
 * @returns vectors of length 1 in the order of the request; null: the body is none of these or has another number of vectors
 */
export function readVectors(body: unknown, count: number): readonly Vector[] | null {
  const entries = entriesOf(body);
  if (entries === null || entries.length !== count) return null;
  const ordered: unknown[] = [];
  for (const [place, entry] of entries.entries()) {
    const index = isRecord(entry) && Number.isInteger(entry.index) ? Number(entry.index) : place;
    ordered[index] = isRecord(entry) ? (entry.embedding ?? entry.values) : entry;
  }
  const vectors = Array.from({ length: count }, (_, index) => vectorOf(ordered[index]));
  const dimensions = vectors[0]?.length;
  return vectors.every((each): each is Vector => each !== null && each.length === dimensions) ? vectors : null;
}

function entriesOf(body: unknown): readonly unknown[] | null {
  if (Array.isArray(body)) return body;
  if (!isRecord(body)) return null;
  if (Array.isArray(body.data)) return body.data;
  const { embeddings } = body;
  if (Array.isArray(embeddings)) return embeddings;
  return isRecord(embeddings) && Array.isArray(embeddings.float) ? embeddings.float : null;
}

function vectorOf(value: unknown): Vector | null {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0) return null;
    const numbers = Array.from({ length: bytes.length / FLOAT_BYTES }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
    return toUnitLength(numbers);
  }
  if (!Array.isArray(value)) return null;
  if (value.length === 1 && Array.isArray(value[0])) return vectorOf(value[0]);
  return value.every((each) => typeof each === 'number') ? toUnitLength(value) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
