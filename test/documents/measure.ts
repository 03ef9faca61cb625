/** Measures how much of a document's text a reader keeps, and in which order. */
import type { BinaryFormat, TextFormat } from '../../services/sources/readers/formats.ts';
import type { Block, LeftOutKind } from '../../services/sources/text/block.ts';

/** A made document with what a reader must keep of it. */
export type MadeInput = {
  readonly name: string;
  /** In reading order. */
  readonly texts: readonly string[];
  /** What must not be read as text. */
  readonly absent?: readonly string[];
  /** What must not be read twice. */
  readonly once?: readonly string[];
  readonly leftOut?: Readonly<Partial<Record<LeftOutKind, number>>>;
} & (
  | { readonly format: BinaryFormat; readonly bytes: Uint8Array }
  | { readonly format: TextFormat; readonly text: string }
);

export type Kept = {
  /** Share of the words, or of the Japanese characters, that are there. */
  readonly recall: number;
  /** Share of the expected texts that follow the one before them. */
  readonly order: number;
};

/** @param expected texts of the document in reading order */
export function measure(expected: readonly string[], blocks: readonly Block[]): Kept {
  const text = folded(blocks.map((block) => block.text).join('\n'));
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  let words = 0;
  let found = 0;
  for (const word of wordsOf(folded(expected.join('\n')))) {
    words++;
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    found++;
    counts.set(word, left - 1);
  }
  const plain = text.replace(/\s+/g, '');
  let at = 0;
  let ordered = 0;
  for (const each of expected) {
    const next = plain.indexOf(folded(each).replace(/\s+/g, ''), at);
    if (next < 0) continue;
    ordered++;
    at = next;
  }
  return { recall: words === 0 ? 1 : found / words, order: expected.length === 0 ? 1 : ordered / expected.length };
}

const folded = (text: string): string => text.normalize('NFC');
const wordsOf = (text: string): readonly string[] =>
  text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{No}]+/gu) ?? [];
