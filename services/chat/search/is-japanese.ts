/** Tells the language of a text. */

/** Kana make it Japanese; so do ideographs, as a text of nothing but them is far likelier Japanese than Chinese here. */
export function isJapanese(text: string): boolean {
  return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text.normalize('NFKC'));
}
