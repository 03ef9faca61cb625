/** Finds what a question names literally: identifiers, numbers and names, which no synonym replaces. */

export type NamedThings = {
  /** Codes, options, versions with letters, file names: `E7`, `RK-500`, `cc_by_nd`, `--purge`. */
  readonly identifiers: readonly string[];
  /** Numbers on their own: `27`, `9.8.1`. */
  readonly numbers: readonly string[];
  /** Capitalised words inside an English sentence, abbreviations, Latin and katakana words inside Japanese, people. */
  readonly names: readonly string[];
};

const identifier =
  /(?<![\p{L}\p{N}_])(?:--?\p{L}[\p{L}\p{N}-]+|#\d+|0x[0-9a-f]+|(?=[\w./-]*\p{L})(?=[\w./-]*\d)[\p{sc=Latin}\p{N}]+(?:[-_./][\p{sc=Latin}\p{N}]+)*|[\p{sc=Latin}]+(?:_[\p{sc=Latin}\p{N}]+)+)(?![\p{sc=Latin}\p{N}_])/giu;
const number =
  /(?<=第)\d+|\d+(?=[章条節版号])|\d{4}(?=年)|(?<![\p{L}\p{N}_.#-])\d+(?:[.,]\d+)*(?![\p{sc=Latin}\p{N}_-])/gu;
const english = /(?<![.?!:]\s)(?<=[\p{L},)]\s)\p{Lu}[\p{L}\p{N}]*(?:[ .-]\p{Lu}[\p{L}\p{N}]*)*/gu;
const abbreviation = /(?<![\p{L}\p{N}])\p{Lu}{2,}(?![\p{L}\p{N}])/gu;
const latinInJapanese = /\p{sc=Latin}[\p{sc=Latin}\p{N}]+(?:[ .'-]\p{sc=Latin}[\p{sc=Latin}\p{N}]*)*/gu;
const katakana = /[\p{sc=Katakana}ー]{3,}/gu;
const person = /\p{sc=Han}{2,5}(?=さん|氏|様|先生(?:の|は|が))/gu;
/** Loan words that belong to asking rather than to a subject. */
const asking =
  /^(?:ケース|タイミング|ページ|サイズ|メーカー?|メートル|グラム|パーセント|デシベル|ワット|キログラム|ギガバイト|メガバイト|ミリリットル|エラー|トラブル|メニュー|シーン|ポイント|レベル|サービス)$/u;

export function namedThings(query: string): NamedThings {
  const plain = query.normalize('NFKC').slice(0, 2_000);
  const identifiers = found(plain, identifier).filter((each) => !/^\d+(?:st|nd|rd|th|s|x|%)$/iu.test(each));
  const rest = identifiers.reduce((text, each) => text.replaceAll(each, ' · '), plain);
  const numbers = found(rest, number);
  const isJapanese = /[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(plain);
  const names = isJapanese
    ? [...found(rest, latinInJapanese), ...found(rest, katakana), ...found(rest, person)].filter(
        (each) => !asking.test(each),
      )
    : [...found(rest, english), ...found(rest, abbreviation)].filter((each) => !/^(?:I|I'[a-z]+)$/u.test(each));
  return { identifiers, numbers, names: [...new Set(names)] };
}

function found(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([each]) => each))];
}

/** Whether a text has the identifier or number as a whole; case, width and separators do not matter. */
export function occurs(thing: string, folded: string): boolean {
  const wanted = thing.normalize('NFKC').toLowerCase();
  const loose = wanted
    .split(/[-_\s]+/u)
    .filter((part) => part !== '')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('[-_\\s]?');
  return new RegExp(`(?<![\\p{sc=Latin}\\p{N}])${loose}(?![\\p{sc=Latin}\\p{N}])`, 'u').test(folded);
}
