/** Formats counts and errors for the terminal. */

/** `3 files`, `1 file`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}

/** Prints why a program exits: the message of an expected error, the stack trace of a bug. */
export function printError(error: unknown): void {
  const isBug = error instanceof TypeError || error instanceof ReferenceError || !(error instanceof Error);
  console.error(isBug ? error : error.message);
}
