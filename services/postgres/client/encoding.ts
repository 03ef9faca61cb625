/** Encodes values that PostgreSQL would otherwise reject, or read slowly. */

/**
 * Makes any string storable: PostgreSQL's text allows neither NUL nor lone surrogates, and models and broken files may
 * contain both.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

const textOid = 25;
const headBytes = 20;

/**
 * Encodes strings in PostgreSQL's binary format of `text[]`, which is parsed several times faster than a literal or
 * JSON. Cast the parameter to `text[]` in the statement: node-postgres sends a Buffer as binary.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  const array = Buffer.allocUnsafe(values.reduce((sum, value) => sum + 4 + byteLength(value), headBytes));
  let at = 0;
  const write = (number: number) => {
    at = array.writeInt32BE(number, at);
  };
  write(1); // dimensions
  write(values.includes(null) ? 1 : 0);
  write(textOid);
  write(values.length);
  write(1); // the first index
  for (const value of values) {
    write(value === null ? -1 : byteLength(value));
    if (value !== null) at += array.write(value, at);
  }
  return array;
}

function byteLength(value: string | null): number {
  return value === null ? 0 : Buffer.byteLength(value);
}
