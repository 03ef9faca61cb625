/** White space as a reader sees it: source line breaks folded, Japanese lines joined without a gap. */

/** A line break that is meant (HTML `<br>`, Markdown's two spaces), as opposed to one of the source's layout. */
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

// Control characters (Postgres refuses NUL), soft hyphens and zero-width marks: nothing a reader sees or a question holds.
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is what this is for
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]/g;
// Radicals that PDF producers write in place of the ideograph they look like. NFKC knows those of the first row only.
const radicals = /[\u2e80-\u2fdf]/g;
const lookAlikes = new Map(
  Array.from(
    '⺠民⺩王⺬示⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻲亀'.matchAll(
      /(.)(.)/gu,
    ),
    ([, radical = '', ideograph = '']) => [radical, ideograph],
  ),
);

/** Text that Postgres takes and that search finds: well formed, without invisible characters. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(invisible, '')
    .replace(radicals, (radical) => lookAlikes.get(radical) ?? radical.normalize('NFKC'));
}
