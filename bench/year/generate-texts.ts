/** Generates Japanese texts that compress as badly as real ones, so that rows have realistic sizes. */
import type { Random } from '../../test/faults/seeded-random.ts';

const kana = Array.from({ length: 82 }, (_, index) => String.fromCodePoint(0x3042 + index));
const kanji = Array.from({ length: 2_000 }, (_, index) => String.fromCodePoint(0x4e00 + index * 4));

/** @param characters of each text; each takes three bytes in UTF-8 */
export function generateTexts(random: Random, count: number, characters: number): readonly string[] {
  return Array.from({ length: count }, () => {
    let text = '';
    for (let place = 0; place < characters; place += 1) text += random.pick(random.chance(0.6) ? kana : kanji);
    return text;
  });
}
