/** How large passages are, in columns: a Japanese character counts two, any other one.  */
import { isCjk } from './fold-space.ts';

export const passageSize = {
  /** Below this a passage takes the next paragraph, even if that makes it longer than `most`. */
  least: 300,
  /** Paragraphs are packed up to here: about 120 English words or 350 Japanese characters. */
  most: 700,
  /** No passage is longer, but for the break of a single unbroken word. */
  limit: 900,
  /** A section shorter than this joins its first subsection. */
  tiny: 120,
} as const;

export function sizeOf(text: string): number {
  let size = 0;
  for (const character of text) size += character > '\u2e80' && isCjk(character) ? 2 : 1;
  return size;
}
