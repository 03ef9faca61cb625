/** Writes values as newline-delimited JSON. */

/** Unicode line breaks that JSON does not escape and at which some readers split a line. */
const lineEnds = /[\u0085\u2028\u2029]/g;

/** @returns one line per value, each with its line break */
export function ndjson(values: readonly unknown[]): string {
  return values
    .map(
      (value) =>
        `${JSON.stringify(value).replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
    )
    .join('');
}
