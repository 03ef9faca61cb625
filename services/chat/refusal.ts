/** Replies that say that the materials do not answer a question. */
import { isJapanese } from './search/is-japanese.ts';

/** The model writes this marker, and nothing else, where the passages do not answer. Models escape underscores, so it has none. */
export const UNANSWERED = 'UNANSWERED-BY-MATERIALS';

/** In the language of the question. */
export function notFoundReply(query: string): string {
  return isJapanese(query)
    ? 'ご質問への答えは、資料の中に見つかりませんでした。'
    : 'The answer to this question was not found in the materials.';
}
