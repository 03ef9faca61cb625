/** Detects whether a text is Japanese or English. */
import type { Block } from './block.ts';

/** Characters that are examined. */
const sample = 20_000;
const englishWords = new Set('the of and to is in that it for are with as on be this by not or from an'.split(' '));

/** @returns `ja`, `en`, or null for other, mixed and very short texts */
export function detectLanguage(blocks: readonly Block[]): string | null {
  let text = '';
  for (const block of blocks) {
    if (text.length >= sample) break;
    text += `${block.text}\n`;
  }
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const kana = text.match(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  // Manuals in Japanese are full of English names; about half of running Japanese is kana.
  if (kana >= 5 && kana / letters > 0.1) return 'ja';
  const words = text.toLowerCase().match(/[a-z']+/g) ?? [];
  const frequent = words.filter((word) => englishWords.has(word)).length;
  return words.length >= 5 && frequent / words.length > 0.12 && kana === 0 ? 'en' : null;
}
