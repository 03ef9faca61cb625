/** The honest reply where the materials do not answer a question, in the language of the question. */

export function notFoundReply(query: string): string {
  return isJapanese(query)
    ? 'ご質問への答えは、資料の中に見つかりませんでした。'
    : 'The answer to this question was not found in the materials.';
}

/** Kana make it Japanese; so do ideographs, as a question of nothing but them is far likelier Japanese than Chinese here. */
export function isJapanese(text: string): boolean {
  return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text.normalize('NFKC'));
}
