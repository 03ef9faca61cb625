/** Replies that say that the materials do not answer a question. */
import type { Claim } from './citations/claims.ts';
import { isCourtesy } from './citations/claims.ts';
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

/** What a model calls the passages that it was given. Without a word such as "provided", most of these nouns may be the topic. */
const nouns =
  '(?:passages?|materials?|documents?|sources?|context|texts?|excerpts?|library|information|content|data|references?)';
const qualifiedMaterials = `(?:(?:provided|given|available|retrieved|supplied|cited|above|numbered|attached)\\s+(?:\\w+\\s+)?${nouns}|passages?|excerpts?|${nouns} (?:provided|given|supplied|available|above)(?! (?:by|to|for|in|on|at)\\b))`;
const determiner = '(?:the|these|those|this|that|your|our|any|all|my)\\s+(?:of the )?';
const anyMaterials = `(?:(?:${determiner})?${qualifiedMaterials}|${determiner}(?:materials?|documents?|sources?|context|texts?|library|references?))`;
const materialsAsSubject = `^[\\W_]*(?:(?:unfortunately|however|sorry|but|but then|also|in addition|additionally|regrettably)[, ]+)?${anyMaterials}`;
const negation = `(?:do(?:es)?(?: not|n['’]t)|did(?: not|n['’]t)|cannot|can['’]t)\\s+(?:\\w+\\s+){0,2}?`;
const soughtContent = '(?:information|mention|answers?|details?|explanation|description)';
const which =
  '(?:(?:any|enough|sufficient|relevant|specific|explicit|direct|clear|further|additional|such|the|an?)\\s+){0,3}';
const refusals = [
  new RegExp(
    `\\b${qualifiedMaterials}\\b[^.;]{0,60}\\b${negation}(?:contain|include|mention|say|state|specify|cover|address|answer|discuss|describe|explain|indicate|tell)\\b`,
    'iu',
  ),
  // "The documents do not contain personal data" may answer the question.
  new RegExp(
    `${materialsAsSubject}\\b[^.;]{0,60}\\b${negation}(?:mention|say|state|specify|cover|address|answer|discuss|describe|explain)\\b`,
    'iu',
  ),
  new RegExp(
    `\\b${anyMaterials}\\b[^.;]{0,60}\\b${negation}(?:contain|include|provide|have|give|offer)\\s+${which}${soughtContent}\\b`,
    'iu',
  ),
  new RegExp(
    `\\b(?:no|not any|without) ${which}(?:${soughtContent}|reference|data)\\b[^.;]{0,80}\\b(?:in|within|from|by|among|across)\\s+${anyMaterials}\\b`,
    'iu',
  ),
  new RegExp(
    `\\b(?:not|n['’]t|cannot) (?:\\w+ ){0,3}(?:mentioned|found|covered|addressed|discussed|specified|stated|described|answered|explained)\\b[^.;]{0,60}\\b(?:in|within|from|by|among|anywhere in)\\s+${anyMaterials}\\b`,
    'iu',
  ),
  new RegExp(
    `\\b(?:not|n['’]t|cannot) (?:\\w+ ){0,3}(?:included|contained|provided|available|present|given)\\b[^.;]{0,60}\\b(?:in|within|from|by|among)\\s+(?:${determiner})?${qualifiedMaterials}\\b`,
    'iu',
  ),
  new RegExp(
    `\\b${anyMaterials}\\b[^.;]{0,40}\\b(?:contains?|provides?|has|have|includes?|gives?|offers?|makes?) no ${which}${soughtContent}\\b`,
    'iu',
  ),
  /\b(?:i|we)(?:['’]m| am|['’]re| are)? (?:(?:sorry|afraid)[^.]{0,40})?\b(?:cannot|can['’]t|can not|could not|couldn['’]t|am unable to|are unable to|unable to|not able to|do not know|don['’]t know|do not have|don['’]t have)\b[^.]{0,80}(?:answer|help|assist|find|information|determine|question|provide|know\b|enough)/iu,
  /^(?:i(?:['’]m| am) )?(?:sorry|afraid|unfortunately)\b[^.]{0,120}\b(?:not|n['’]t|no|cannot|unable)\b[^.]{0,80}(?:answer|find|found|information|mention|contain|cover|provide|help|assist|materials?|passages?|documents?)/iu,
  /^(?:i do not know|i don['’]t know|there is no answer|no (?:relevant )?(?:information|answer)(?: was| is)? (?:found|available))\b/iu,
  /(?:資料|文書|文献|提供された(?:情報|内容|文章)|パッセージ|教材|本文|情報源|テキスト|コンテキスト|ドキュメント)[^。]{0,60}(?:記載|記述|説明|情報|言及|掲載|回答|答え|内容|含まれ|書かれ|見つか|見当た|示され|触れられ|確認)[^。]{0,24}(?:ません|ない|なかった|おらず|ございません|できず)/u,
  /(?:資料|文書|提供された(?:情報|内容)|パッセージ|教材|本文|情報)[^。]{0,40}(?:から|だけ)では[^。]{0,40}(?:わかりません|分かりません|判断できません|お答えできません|回答できません|不明)/u,
  /(?:お答え|ご回答|回答|お応え)(?:する)?(?:ことが|ことは|は|が)?(?:でき(?:ません|かねます|ない)|いたしかねます|致しかねます)/u,
  /(?:該当する|関連する|関する|ご質問の)[^。]{0,30}(?:情報|記載|記述|内容|資料)[^。]{0,20}(?:見つかりません|見当たりません|ありません|ございません|確認できません)/u,
  /(?:わかりません|分かりません|不明です)[。．]?$/u,
];

const suggestions =
  /^(?:please|you (?:may|might|could|can)|try|if you|consider|it (?:may|might) (?:be|help)|for (?:more|further)|check|ask|contact|consult|see|i (?:recommend|suggest))\b|(?:ください|お試し|お勧めします|おすすめします|ご確認|ご参照|お問い合わせ|申し訳|恐れ入り|すみません)/iu;

/**
 * Whether an answer in prose says only that the materials do not answer: at least one sentence says so without citing, and no
 * other sentence makes a claim.
 */
export function isRefusal(claims: readonly Claim[]): boolean {
  const counted = claims.filter(({ counted }) => counted);
  const refuses = ({ text, marks }: Claim) => marks.length === 0 && refusals.some((pattern) => pattern.test(text));
  // A short "No information was found …" reads as a courtesy, which does not count.
  return claims.some(refuses) && counted.every((claim) => refuses(claim) || isAdvice(claim));
}

function isAdvice({ text, marks }: Claim): boolean {
  return marks.length === 0 && (isCourtesy(text) || suggestions.test(text));
}
