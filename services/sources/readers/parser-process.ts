/** PROGRAM of a process of `read-apart.ts`: reads one document after the other. */

import { SourceError, SourceUnreadable } from '../source-error.ts';
import type { Extracted } from '../text/block.ts';
import { type Readable, readByFormat } from './read-by-format.ts';

/** A refusal is told in words: errors lose their class on the way out of a process. */
export type Reading =
  | { readonly extracted: Extracted }
  | { readonly refused: string; readonly until: 'it changes' | 'it is tried again' };

export default async function read(given: Readable): Promise<Reading> {
  try {
    return { extracted: await readByFormat(given) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return {
      refused: error.message,
      until: error instanceof SourceUnreadable ? 'it changes' : 'it is tried again',
    };
  }
}
