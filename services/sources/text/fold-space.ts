/** Folds white space: source line breaks become spaces, Japanese lines are joined without a gap. */

/** An intended line break (HTML `<br>`, Markdown's two spaces), as opposed to one of the source's layout. */
export const hardBreak = '\u2028';

const cjk = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3000-\\u30ff\\uff00-\\uffef]';
const breakWithinCjk = new RegExp(`(?<=${cjk})\\n(?=${cjk})`, 'gu');
/** A single space between two Japanese characters. */
export const spaceWithinCjk = new RegExp(`(?<=${cjk}) (?=${cjk})`, 'gu');
const cjkLetter = new RegExp(cjk, 'u');

/** Whether this character is written without spaces between words, as Japanese is. */
export const isCjk = (character: string): boolean => cjkLetter.test(character);

/** One paragraph on one line, `hardBreak` excepted, which becomes a line feed. */
export function foldSpace(text: string): string {
  return text
    .replace(/\s+/g, (run) => (run.includes(hardBreak) ? hardBreak : /[\n\r]/.test(run) ? '\n' : ' '))
    .replace(breakWithinCjk, '')
    .replaceAll('\n', ' ')
    .replaceAll(hardBreak, '\n')
    .trim();
}

/** Lines as they stand, without trailing white space and without blank lines at either end. */
export function foldPre(text: string): string {
  // No pattern that looks for the end of a run: on long runs elsewhere in the text it takes the square of their length.
  const lines = text.split(/\r\n?|\n/).map((line) => line.trimEnd());
  return lines.join('\n').replace(/^\n+/, '').trimEnd();
}

// Control characters (Postgres refuses NUL), soft hyphens and zero-width marks: invisible to readers and absent from questions.
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is what this is for
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]/g;
// Radicals that PDF producers write in place of the ideograph they look like. NFKC knows those of the second block only.
const radicals = /[\u2e80-\u2fdf]/g;
const pairsOf = (pairs: string): ReadonlyMap<string, string> =>
  new Map(Array.from(pairs.matchAll(/(.)(.)/gu), ([, from = '', to = '']) => [from, to]));
const lookAlikes = pairsOf(
  '⺁厂⺃乚⺄乙⺅亻⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳罓⺶羊⺷羊⺹耂⺺肀⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻲亀',
);
// Signs in the form that vertical text draws: no sentence ends at ︒ for search or for citations.
const verticalForms = /[\ufe10-\ufe19\ufe30-\ufe48]/g;
const upright = pairsOf(
  '︐，︑、︒。︓：︔；︕！︖？︗〖︘〗︙…︰‥︱—︲–︵（︶）︷｛︸｝︹〔︺〕︻【︼】︽《︾》︿〈﹀〉﹁「﹂」﹃『﹄』﹇［﹈］',
);

/** Text that Postgres accepts and search finds: well formed, without invisible characters. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(invisible, '')
    .replace(radicals, (radical) => lookAlikes.get(radical) ?? radical.normalize('NFKC'))
    .replace(verticalForms, (form) => upright.get(form) ?? form);
}
