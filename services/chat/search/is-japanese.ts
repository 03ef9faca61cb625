/** Detects Japanese text. */

/** Kana or ideographs: a text of ideographs alone is far more likely Japanese than Chinese here. */
export function isJapanese(text: string): boolean {
  return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text.normalize('NFKC'));
}
