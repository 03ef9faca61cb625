/** Formats counts and errors for people at a terminal. */

/** Says how many there are of something. */
export function count(howMany: number, one: string, several = `${one}s`): string {
  return `${howMany} ${howMany === 1 ? one : several}`;
}

/**
 * Tells the person who started a program why it ends.
 * What a person can act on is in the message; a bug is shown with where it happened.
 */
export function tellPerson(error: unknown): void {
  const isBug = error instanceof TypeError || error instanceof ReferenceError || !(error instanceof Error);
  console.error(isBug ? error : error.message);
}
