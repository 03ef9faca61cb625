/** Writes values as newline-delimited JSON. */

/** Line ends of Unicode that JSON lets stand as they are, and at which some readers would cut a line in two. */
const lineEnds = /[\u0085\u2028\u2029]/g;

/** @returns one line a value, each with its line break */
export function ndjson(values: readonly unknown[]): string {
  return values
    .map(
      (value) =>
        `${JSON.stringify(value).replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
    )
    .join('');
}
