/** Encodes values that Postgres would otherwise refuse or misread. */

/**
 * Makes any string one that PostgreSQL stores: its text holds no NUL and no half of a surrogate pair.
 * A model may write either, and a broken file may hold either.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

const textOid = 25;
const headBytes = 20;

/**
 * Encodes strings as PostgreSQL's binary form of `text[]`: read several times faster than a literal or JSON.
 * For a parameter that the statement names `text[]`: node-postgres sends a Buffer as binary.
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
