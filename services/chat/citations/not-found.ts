/** The honest reply where the materials do not answer a question, in the language of the question. */
import { isJapanese } from '../search/is-japanese.ts';

export function notFoundReply(query: string): string {
  return isJapanese(query)
    ? 'ご質問への答えは、資料の中に見つかりませんでした。'
    : 'The answer to this question was not found in the materials.';
}
