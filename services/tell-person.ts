/** Tells the person who started a program why it ends. */

/** What a person can act on is in the message; a bug is shown with where it happened. */
export function tellPerson(error: unknown): void {
  const isBug = error instanceof TypeError || error instanceof ReferenceError || !(error instanceof Error);
  console.error(isBug ? error : error.message);
}
