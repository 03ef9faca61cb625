/** Rolling captions repeat the text of the ones before them: keeps only what is new of each. */

import { isCjk } from '../../text/fold-space.ts';
import { sizeOf } from '../../text/passage-size.ts';
import { type Caption, firstOf, lastOf } from './text.ts';

/** Seconds. Rolling captions leave no gap, so a repetition after a gap is speech. */
const gap = 0.1;
/** UTF-16 units of the caption before that are compared: at most two lines are shown. */
const shown = 200;
/** Columns. A shorter repetition may be text that was said twice. */
const significant = 12;

/** @param captions in the order of their beginnings */
export function withoutOverlap(captions: readonly Caption[]): readonly Caption[] {
  return captions.flatMap((caption, at) => {
    const before = captions[at - 1];
    if (before === undefined || caption.start > before.end + gap) return [caption];
    const text = newOf(before.text.slice(-shown), caption);
    return text === '' ? [] : [{ ...caption, text }];
  });
}

function newOf(before: string, { start, end, text }: Caption): string {
  for (let length = Math.min(before.length, text.length); length > 0; length--) {
    const repeated = text.slice(0, length);
    if (!before.endsWith(repeated) || !partsWords(before.slice(0, -length), repeated, text.slice(length))) continue;
    // Between two lines that are said, YouTube shows the first of them for a moment by itself.
    const stands = length === text.length && end - start < gap;
    if (stands || length === before.length || sizeOf(repeated) >= significant) return text.slice(length).trim();
  }
  return text;
}

function partsWords(left: string, repeated: string, right: string): boolean {
  const parts = (one: string, other: string) => one === ' ' || other === ' ' || isCjk(one) || isCjk(other);
  return (
    (left === '' || parts(lastOf(left), firstOf(repeated))) && (right === '' || parts(lastOf(repeated), firstOf(right)))
  );
}
