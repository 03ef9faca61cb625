/** Replies that say that the materials do not answer a question. */
import type { Claim } from './citations/claims.ts';
import { isCourtesy } from './citations/claims.ts';
import { isRefusalWording } from './refusal-wordings.ts';
import { isJapanese } from './search/is-japanese.ts';

/** The model writes this marker, and nothing else, where the passages do not answer. Models escape underscores, so it has none. */
export const UNANSWERED = 'UNANSWERED-BY-MATERIALS';

/** In the language of the question. @param topic what the materials lack, in the question's letters; null: not known */
export function notFoundReply(query: string, topic: string | null = null): string {
  if (topic !== null) {
    return isJapanese(query)
      ? `「${topic}」についての記載は、資料の中に見つかりませんでした。`
      : `Nothing about “${topic}” was found in the materials.`;
  }
  return isJapanese(query)
    ? 'ご質問への答えは、資料の中に見つかりませんでした。'
    : 'The answer to this question was not found in the materials.';
}

const suggestions =
  /^(?:please|you (?:may|might|could|can)|try|if you|consider|it (?:may|might) (?:be|help)|for (?:more|further)|check|ask|contact|consult|see|i (?:recommend|suggest))\b|(?:ください|お試し|お勧めします|おすすめします|ご確認|ご参照|お問い合わせ|申し訳|恐れ入り|すみません)/iu;

/**
 * Whether an answer in prose says only that the materials do not answer: at least one sentence says so without citing, and no
 * other sentence makes a claim.
 */
export function isRefusal(claims: readonly Claim[]): boolean {
  const counted = claims.filter(({ counted }) => counted);
  const refuses = ({ text, marks }: Claim) => marks.length === 0 && isRefusalWording(text);
  // A short "No information was found …" reads as a courtesy, which does not count.
  return claims.some(refuses) && counted.every((claim) => refuses(claim) || isAdvice(claim));
}

function isAdvice({ text, marks }: Claim): boolean {
  return marks.length === 0 && (isCourtesy(text) || suggestions.test(text));
}
