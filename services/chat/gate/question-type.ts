/** Recognises what kind of expression a question asks for (a person, a date, an amount, a place …) and whether a text has one. */

export type QuestionType = {
  readonly name: 'phone' | 'colour' | 'price' | 'duration' | 'count' | 'named' | 'person' | 'place' | 'dated' | 'date';
  /** Whether an answer without such an expression is hardly an answer; other types have too many wordings. */
  readonly strict: boolean;
  readonly asks: RegExp;
  /** Whether a text has such an expression. */
  readonly answers: (text: string) => boolean;
  /** Words of the question that the expression stands for: "€ 15" answers "cost" without the word. */
  readonly words: RegExp;
};

const numberWord =
  '(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|single|twice|once|several|hundred|thousand|dozen)';
const digits = '(?:[0-9]|[〇一二三四五六七八九十百千万両半数](?=[\\p{L}]))';
const amount = `(?:${digits}|\\b${numberWord}\\b)`;
const month = '(?:january|february|march|april|june|july|august|september|october|november|december)';
/** Two capitalised words, not at the beginning of a sentence unless quoted there. */
const personName = /(?<=\p{Ll}[,;]? |^|["(])\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+/u;
const weekday = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';

function any(...patterns: readonly RegExp[]): (text: string) => boolean {
  return (text) => patterns.some((pattern) => pattern.test(text));
}

/** The first whose `asks` matches decides. Texts are NFKC. */
const types: readonly QuestionType[] = [
  {
    name: 'phone',
    strict: true,
    asks: /\b(?:tele)?phone(?: number)?\b|\bextension of\b|\bfax\b|電話番号|内線|連絡先/iu,
    answers: any(/\d{2,5}[- ()]+\d{2,}|\b\d{7,}\b|(?:extension|内線)\s*\d+|\S@\S/iu),
    words: /^(?:telephon|phone|extens|number|fax|電話|番号|内線|連絡)/u,
  },
  {
    name: 'colour',
    strict: true,
    asks: /\bcolou?r (?:is|are|of|do|does|has|should|badge)\b|\bwhat colou?rs?\b|何色|色(?:は|を)/iu,
    answers: any(
      /\b(?:red|green|blue|yellow|white|black|gr[ae]y|orange|pink|brown|purple|silver|golden)\b|[赤青黄白黒緑紫茶灰桃銀金]色?/iu,
    ),
    words: /^(?:colou?r|色)/u,
  },
  {
    name: 'price',
    strict: true,
    asks: /\bcosts?\b|\bprices?\b|\bfees?\b|\bsalary\b|\ballowance\b|\bbudget\b|\bhow (?:expensive|cheap)\b|\bhow much (?:money|is|are|do|does)\b(?! .*\b(?:weigh|take|hold|contain|need)\b)|いくら|何円|値段|料金|価格|費用は|手数料|給料は|金額|日当|手当は|見舞金/iu,
    answers: any(
      /[$€£¥]\s*\d|\d[\d,.]*\s*(?:yen|euros?|dollars?|pounds?|cents?|usd|eur|jpy|円|ドル|ユーロ|万円)|\bpercent\b|%|パーセント|\bfree\b|無料|無償|\bpaid\b|\bpays?\b|\breimburs|負担/iu,
    ),
    words: /^(?:cost|price|fee|salari|allow|budget|money|pay|expens|値段|料金|価格|費用|手数料|給料|金額|日当)/u,
  },
  {
    name: 'duration',
    strict: true,
    asks: /\bhow (?:long|soon|quickly)\b(?!.*\b(?:cord|cable|hose|wide)\b)|\bhow many (?:seconds|minutes|hours|days|weeks|months|years)\b|何(?:秒|分|時間|日間?|週間?|か月|ヶ月|カ月|年間?)(?!何)|どのくらいの(?:期間|時間)|どれくらいの(?:期間|時間)|期間は|時間は|日数|配分/iu,
    answers: any(
      new RegExp(
        `${amount}[^.。]{0,12}(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|秒|分|時間|日|週|か月|ヶ月|カ月|月|年)|time limit|\\bforever\\b|\\bimmediately\\b|期限|無期限|${amount}\\s*(?:metres?|meters?|cm|mm|メートル)`,
        'iu',
      ),
    ),
    words: /^(?:long|day|week|month|year|hour|minut|second|time|日|年|時間|期間|分|日数)/u,
  },
  {
    name: 'count',
    strict: true,
    asks: /\bhow (?:many|much|heavy|high|large|big|tall|wide|far|fast|loud|often|deep|thick)\b|\bwhat (?:is|are) the (?:number|weight|height|size|speed|noise|capacity|width|length|limit|power consumption)\b|\bhow .* weigh\b|何(?:個|人|名|台|回|枚|合|本|件|歳|階|ワット|キロ|グラム|メートル|デシベル|パーセント|ギガ|メガ|文字|ミリ|ボルト|度)|どれくらい|どのくらい|重さ|大きさ|容量|上限|頻度/iu,
    answers: any(new RegExp(`${amount}|\\bevery\\b|\\bno limit\\b|毎`, 'iu')),
    words:
      /^(?:mani|much|heavi|weigh|high|larg|big|tall|wide|far|fast|loud|often|number|size|weight|重さ|重|大きさ|容量|上限|頻度|人|回|台)/u,
  },
  {
    name: 'named',
    strict: true,
    asks: /\bwhat (?:is|was) the name of\b|\bnames? of the\b|の名前(?:は|を教え\S*|を知りたい\S*|が知りたい\S*)?[?。]?$|何という名前|\bwho (?:wrote|invented|designed|founded|created|discovered|developed)\b|(?:発明|設計|提唱|創設|開発|作)(?:し|っ)た(?:の|人)は(?:誰|だれ)|社長は(?:誰|だれ)/iu,
    answers: any(
      personName,
      /\b(?:Mr|Mrs|Ms|Dr|Prof)\.? \p{Lu}|[\p{sc=Han}]{2,5}(?:さん|氏|様|先生|が受け付け)|[\p{sc=Katakana}ー]+・[\p{sc=Katakana}ー]+/u,
    ),
    words: /^(?:name|名前)/u,
  },
  {
    name: 'person',
    strict: false,
    asks: /\bwho(?:m|se)?\b|誰|だれ|担当者/iu,
    answers: any(
      personName,
      /\b(?:officer|manager|lead(?:er)?|head|maintainers?|developers?|users?|administrators?|team|department|person|people|everyone|everybody|anyone|anybody|nobody|author|owners?|group|committee|you|they|he|she|staff|employees?|members?|sponsor|doctor|teacher)\b|[者員氏様官長課部]|さん|先生|チーム|グループ|ユーザ|管理者|自分|上司|メンテナ|人/iu,
    ),
    words: /^(?:who|person|誰|担当)/u,
  },
  {
    name: 'place',
    strict: false,
    asks: /\bwhere\b|\b(?:in|at|to) which (?:city|country|town|building|room|hotel|folder|directory)\b|\bwhich (?:hotel|city|country|university|bank|hospital)\b|どこ|どの(?:町|都市|国|建物|病院|ホテル|フォルダ)|場所|住所/iu,
    answers: any(
      /\b(?:in|at|beside|near|under|behind|below|above|on|from|to|inside|next to)\b|\/\w|https?:|[階側駅市県国所課部室町館内上中隣前]|にあり|に置|に設置|窓口|受付|フォルダ|ディレクトリ/iu,
    ),
    words: /^(?:where|place|locat|citi|countri|場所|住所)/u,
  },
  {
    name: 'dated',
    strict: true,
    asks: /\bwhen (?:was|were|did|will)\b|\bon which (?:day|date)\b|\b(?:in|since) (?:what|which) year\b|何年何月|何曜日|いつ.{0,20}(?:ました|たか|たの)|発売日|生年月日/iu,
    answers: any(new RegExp(`\\b\\d{4}\\b|\\b(?:${month}|${weekday})\\b|\\d+[年月日]|曜`, 'iu')),
    words: /^(?:when|date|day|week|month|year|いつ|日付|発売|曜日)/u,
  },
  {
    name: 'date',
    strict: false,
    asks: /\bwhen\b|\bwhat (?:time|date|day|month|year)\b|\bon which day\b|\bby when\b|いつ|何(?:月|時|曜日)|何年何月|日付|発売日|給料日/iu,
    answers: any(
      new RegExp(
        `\\d|\\b(?:${month}|may|${weekday}|daily|weekly|monthly|yearly|after|before|once|until|when|while|as soon as|at the (?:end|beginning)|on the (?:first|last)|from the|every|during|if|only|whenever|upon)\\b|[年月日時]|曜|まで|前|後|とき|たつと|以降|毎|場合|たら|れば`,
        'iu',
      ),
    ),
    words: /^(?:when|date|day|time|month|year|いつ|日付|発売)/u,
  },
];

/** "Why does it cost so much" asks for no price. */
const explains = /^\W*(?:why|how (?:do|can|could|should|would) (?:i|we|you|one)|how to)\b|なぜ|どうして|理由/iu;

/** Null for questions without a recognised type, such as "how do I …" and "why". */
export function questionType(query: string): QuestionType | null {
  const plain = query.normalize('NFKC').slice(0, 400);
  if (explains.test(plain)) return null;
  return types.find(({ asks }) => asks.test(plain)) ?? null;
}
