/** Detects the language and the negation of short texts by their words of grammar. */

export type Language =
  | 'ja'
  | 'zh'
  | 'ko'
  | 'ru'
  | 'ar'
  | 'th'
  | 'el'
  | 'he'
  | 'hi'
  | 'en'
  | 'fr'
  | 'de'
  | 'es'
  | 'it'
  | 'pt'
  | 'nl';

const scripts: readonly (readonly [RegExp, Language])[] = [
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, 'ja'],
  [/\p{sc=Hangul}/gu, 'ko'],
  [/\p{sc=Cyrillic}/gu, 'ru'],
  [/\p{sc=Arabic}/gu, 'ar'],
  [/\p{sc=Thai}/gu, 'th'],
  [/\p{sc=Greek}/gu, 'el'],
  [/\p{sc=Hebrew}/gu, 'he'],
  [/\p{sc=Devanagari}/gu, 'hi'],
];

const grammar: Readonly<Record<string, string>> = {
  en: 'the of and is are was were to in that it for with as by this which be on from at have has not or an',
  fr: 'le la les des du et est sont une un dans pour que qui sur avec par ce cette ne pas aux au plus ou il elle',
  de: 'der die das und ist sind ein eine einer den dem des nicht mit für auf von zu im wird werden als auch sich oder',
  es: 'el la los las y es son una un en para que con por del se no al como más su este esta o',
  it: 'il lo la gli le e è sono una un di in per che con da del della non si al come più questo questa o',
  pt: 'o a os as e é são uma um em para que com por do da não se ao como mais este esta dos das ou',
  nl: 'de het een en is zijn van in op te dat die voor met niet aan door als ook wordt worden of bij',
};
const words = Object.entries(grammar).map(
  ([language, list]) => [language as Language, new Set(list.split(' '))] as const,
);

/** Words of grammar that a text must have of its language. */
const LEAST_WORDS = 2;

/** Null for texts without enough words of grammar, such as names and formulas. */
export function languageOf(text: string): Language | null {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return null;
  const han = text.match(/\p{sc=Han}/gu)?.length ?? 0;
  for (const [script, language] of scripts) {
    const found = text.match(script)?.length ?? 0;
    // A Japanese text is kana and ideographs; a few letters of another script are a quotation or a name.
    if (found > 0 && (found + (language === 'ja' ? han : 0)) * 4 >= letters) return language;
  }
  if (han * 2 >= letters) return 'zh';
  const written = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = words
    .map(([language, list]) => [language, written.filter((word) => list.has(word)).length] as const)
    .sort(([, a], [, b]) => b - a);
  const [best, second] = counts;
  if (best === undefined || best[1] < LEAST_WORDS || best[1] === second?.[1]) return null;
  return best[0];
}

/** Ideographs alone may be Japanese or Chinese. */
export function isOtherLanguage(a: Language | null, b: Language | null): boolean {
  if (a === null || b === null || a === b) return false;
  return !(a === 'zh' && b === 'ja') && !(a === 'ja' && b === 'zh');
}

const english =
  /\b(?:not|never|no(?!\.\s?\d)|none|nothing|nobody|nowhere|neither|nor|cannot|without|false|untrue|incorrect|wrong|unlike|fails? to|unable|impossible|hardly|rarely|pas|jamais|nicht|kein\w*|nie|nunca|jamás|não|mai|niet|geen)\b|n['’]t\b/giu;
const japanese =
  /(?<![少危切幼汚]|すく|あぶ)(?:ない|なく(?!とも)|なかった|なけれ)|ません|ず[にと、]|無い|無く|不可(?!欠)|禁止|誤り|間違い/gu;
const emphasised =
  /\bnot only\b|なければならない|なければなりません|なくてはならない|なくてはなりません|ないといけ\S{1,3}|かもしれない|かもしれません|しか(?:\S{1,6})ない|にほかならない|違いない/giu;

/** Whether a text denies something: an odd number of negations. */
export function isNegated(text: string): boolean {
  const plain = text.replace(emphasised, '');
  return ((plain.match(english)?.length ?? 0) + (plain.match(japanese)?.length ?? 0)) % 2 === 1;
}
