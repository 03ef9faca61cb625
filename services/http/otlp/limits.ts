/** Limits of one OTLP request, so that a hostile one costs bounded memory and time. */

export const otlpLimits = {
  /** Bytes as sent. */
  wireBytes: 4 * 1_048_576,
  /** Bytes as sent, of all requests together. */
  bufferedBytes: 64 * 1_048_576,
  /** For receiving a body, in milliseconds. Exporters give up after 10 s by default. */
  receiveMs: 15_000,
  /** Bytes after decompression, counted while inflating. */
  inflatedBytes: 16 * 1_048_576,
  spans: 4_096,
  /** Of attributes: lists in lists. JSON that SDKs put into strings is one level. */
  depth: 16,
  /** Objects and lists of a JSON request, counted before it is parsed. */
  jsonNodes: 1_500_000,
  /** Levels of a JSON request: its own, and those of attributes. */
  jsonDepth: 100,
  /** UTF-8 bytes of one attribute. A longer one is left out, as SDKs do at their limits. */
  attributeBytes: 262_144,
  /** Attributes of one span and of its events together. */
  attributes: 4_096,
  /** UTF-8 bytes of one span. */
  spanBytes: 2 * 1_048_576,
} as const;

/** Thrown for a request that no retry makes valid. The message quotes nothing of the request. */
export class MalformedRequest extends Error {}

/** Thrown for one span or log record; the others are kept. */
export class RefusedRecord extends Error {}
