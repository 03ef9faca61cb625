/** Finds the marks by which an answer refers to passages, in the forms that models write, and leaves all other brackets alone. */
import { foldExcerpt } from './excerpt.ts';

/** `numbers` are those of one mark, ranges expanded: `[1, 3-5]` → 1, 3, 4, 5. Offsets are UTF-16, end exclusive. */
export type Mark = { readonly start: number; readonly end: number; readonly numbers: readonly number[] };

/** What decides whether a bracket is a mark. */
export type NumberedPassages = {
  /** Passages are numbered from 1 to this. */
  readonly count: number;
  /** Their folded texts (`foldExcerpt`), in order: a bracket that is copied from one is text. */
  readonly texts: readonly string[];
};

const label =
  '(?:passage|source|document|doc|reference|ref|citation|cite|excerpt|context|chunk|footnote|note|material|パッセージ|情報源|出典|資料|文書|引用|参考文献|参考|文献|脚注|根拠|参照)s?';
const digits = '[0-9０-９]{1,2}';
// Bounded, and each blank can be read in one way only, so that no text of a model takes long.
const blanks = '\\s{0,4}';
const range = `${digits}(?:${blanks}[-–—~〜～－]${blanks}${digits})?`;
const numberSeparator = `(?:${blanks}(?:[,;，、；・&/]|\\band\\b|と|および|及び)){1,4}${blanks}`;
const marker = `(?:${label}${blanks}[:：#]?${blanks}|[\\^#])`;
const list = `(?:${marker})?${range}(?:${numberSeparator}(?:${marker})?${range})*`;
// 【1:0†source】 and 【1†L3-L5】 are written by OpenAI's file search.
const source = '(?:(?::\\d{1,3})?†[^\\]】］]{0,80})?';
const shapes = [
  `\\\\?[[［【〔⟦]{1,2}${blanks}(?<bracket>${list})${blanks}${source}${blanks}\\\\?[\\]］】〕⟧]{1,2}(?:\\(${blanks}#[^()\\s]{0,80}\\)[\\]］]?|(?!\\())`,
  `[(（]${blanks}(?<round>${label}${blanks}[:：#]?${blanks}${range}(?:${numberSeparator}(?:${marker})?${range})*)${blanks}[)）]`,
  `⁽?(?<raised>[⁰¹²³⁴-⁹]{1,2}(?:[,˒‚]\\s?[⁰¹²³⁴-⁹]{1,2})*)⁾?`,
  `<(?<tag>sup|cite|ref|citation)>${blanks}[[［]?(?<tagged>${list})[\\]］]?${blanks}</\\k<tag>>`,
];
const shape = new RegExp(shapes.join('|'), 'giu');
const hasLabel = new RegExp(`${label}|†|[\\^#]`, 'iu');
const bracketed = /[[［【〔⟦⁽⁰¹²³⁴-⁹<(（]/u;

/**
 * The marks of a text, in order. Read: `[1]`, `[1][2]`, `[1, 2]`, `[1 and 2]`, `[1-3]`, `［１］`, `【1】`, `[[1]]`, `\[1\]`, `[^1]`,
 * `[citation:1]`, `[source 1]`, `[出典1]`, `【1:0†source】`, `[1](#passage-1)`, `(passage 1)`, `¹`, `<sup>1</sup>`.
 *
 * Text, and left alone: numbers that no passage has, unless a label says that they cite; brackets that touch a word, a formula or
 * a list of numbers; links; code and formulas; footnotes' definitions; brackets copied from a passage.
 */
export function findMarks(text: string, passages: NumberedPassages): readonly Mark[] {
  if (!bracketed.test(text)) return [];
  const isLiteral = createLiteralTest(text);
  const touches = countBracketsByWord(text);
  const marks: Mark[] = [];
  /** The end of the last bracket that turned out to be text: brackets that touch it are text too. */
  let textEnd = -1;
  for (const match of text.matchAll(shape)) {
    const { bracket, round, raised, tagged } = match.groups ?? {};
    const candidate: Candidate = {
      text,
      touches,
      start: match.index,
      end: match.index + match[0].length,
      written: match[0],
      isLabelled: hasLabel.test(bracket ?? round ?? tagged ?? ''),
      isRaised: raised !== undefined || tagged !== undefined,
      numbers: raised === undefined ? expand(bracket ?? round ?? tagged ?? '') : raisedNumbers(raised, passages.count),
    };
    const isText =
      isLiteral(candidate.start) ||
      (textEnd !== -1 && joins(text.slice(textEnd, candidate.start))) ||
      !isMark(candidate, passages);
    if (isText) textEnd = candidate.end;
    else marks.push({ start: candidate.start, end: candidate.end, numbers: candidate.numbers ?? [] });
  }
  return marks;
}

type Candidate = {
  readonly text: string;
  /** Brackets of the text by the word that they touch. */
  readonly touches: ReadonlyMap<string, number>;
  readonly start: number;
  readonly end: number;
  readonly written: string;
  readonly isLabelled: boolean;
  readonly isRaised: boolean;
  readonly numbers: readonly number[] | null;
};

function isMark(candidate: Candidate, passages: NumberedPassages): boolean {
  const { text, touches, start, end, isLabelled, isRaised, numbers } = candidate;
  if (numbers === null || numbers.length === 0) return false;
  if (!isLabelled && numbers.some((number) => number > passages.count)) return false;
  const before = text.slice(Math.max(0, start - 60), start);
  const after = text.slice(end, end + 60);
  if (/(?:^|\n)[ \t]*$/.test(start <= 60 ? before : `.${before}`) && after.startsWith(':')) return false;
  if (isRaised) return isRaisedMark(before, after);
  if (isLabelled) return true;
  if (isInFormula(before, after) || isNumberList(before, numbers.length)) return false;
  if (/[\p{sc=Latin}\p{sc=Greek}\p{N}_]$/u.test(before) && !endsProse(text, touches, start, end)) return false;
  return !isCopied(candidate, passages);
}

/** Between brackets of one list: "[5, 10] and [7, 8]", "matrix[1][2]". */
function joins(between: string): boolean {
  return /^\s?(?:,|、|and|or|to|と|や|から|[-+*/=×<>~〜])?\s?$/u.test(between) && !/^\s$/.test(between);
}

const operator = '[=+×÷∈∉<>≤≥≠^|∪∩]';
const endsInOperator = new RegExp(`[^\\s>]\\s*${operator}\\s*$`, 'u');
const beginsWithOperator = new RegExp(`^\\s*(?:${operator}|[-*/] |[-+*/]=)`, 'u');

function isInFormula(before: string, after: string): boolean {
  if (/[$\\{^=+/<>|&%@#-]$/.test(before) || /[\p{L}\p{N}_]\([^()]*\)$/u.test(before)) return true;
  if (endsInOperator.test(before) || /\S \* $/.test(before)) return true;
  if (/^[\p{sc=Latin}\p{N}_{^]/u.test(after)) return true;
  return beginsWithOperator.test(after) && !/^\s*[-–—*] ?\p{L}{2}/u.test(after);
}

/** Words that introduce numbers rather than end a claim. */
const introduces =
  /(?:\b(?:interval|list|array|vector|tuple|range|set|sequence|matrix|slice|shape|size|returns?|prints?|outputs?|gives?|yields?|equals?|is|are|be|becomes?|contains?|between|indices|indexes)|リスト|配列|区間|ベクトル|集合|数列|範囲|出力|結果|行列)(?:は|が|の|を|として)?[:：]?\s*$/iu;

function isNumberList(before: string, length: number): boolean {
  return length > 1 && introduces.test(before);
}

/** Shorter or capitalised words, identifiers and single digits before a bracket make it an index. */
const proseWord = /(?:^|[\s“"「*_,;—–]|(?:^|\s)[(（])(?:\p{L}[\p{Ll}'’]{2,}|\d{2,}(?:[.,]\d+)*%?)$/u;

/** "the policy[7]. Next": the bracket touches a word that ends its clause, and no other bracket touches the same word. */
function endsProse(text: string, touches: Candidate['touches'], start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 60), start);
  if (!proseWord.test(before) || !/^(?:[.,;:!?。、，．！？)”"’*_]+(?:\s|$)|\s*$|\s*\n)/u.test(text.slice(end, end + 8)))
    return false;
  return (touches.get(wordBefore(before)) ?? 0) <= 1;
}

function wordBefore(before: string): string {
  return /[\p{L}\p{N}'’%.,]+$/u.exec(before)?.[0] ?? '';
}

/** Once for the whole text: counting them for each bracket would take the square of the text's length. */
function countBracketsByWord(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { index } of text.matchAll(/[[［]/g)) {
    const word = wordBefore(text.slice(Math.max(0, index - 60), index));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

const units = /(?:^|[^\p{L}])(?:\p{L}{1,2}|mm|cm|km|ft|yd|mi|sec|min|rad|log|ln|sin|cos|tan|exp|det)$/u;

function isRaisedMark(before: string, after: string): boolean {
  if (/^[\p{sc=Latin}\p{N}⁺⁻⁰-⁹(^_]/u.test(after) || /^\s*[=+×÷]/u.test(after)) return false;
  return /[.,;:!?。、，．！？)」』”"’*_]$/u.test(before) || (/\p{L}$/u.test(before) && !units.test(before));
}

/** Letters before a bracket that must be equal for it to count as a copy. */
const COPIED_CONTEXT = 14;

/**
 * A copy of a passage's own bracket. It is text in a quotation, and where the model has added a mark of its own behind it. Else
 * the model means it, if it is the passage with that number that it copies.
 */
function isCopied({ text, start, end, written, numbers }: Candidate, { texts }: NumberedPassages): boolean {
  const context = foldExcerpt(text.slice(Math.max(0, start - 40), start));
  const copy = `${context.slice(-COPIED_CONTEXT)}`;
  if ((copy.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < 3) return false;
  const folded = foldExcerpt(written);
  const found = texts.flatMap((passage, index) =>
    passage.includes(`${copy}${folded}`) || passage.includes(`${copy} ${folded}`) ? [index + 1] : [],
  );
  if (found.length === 0) return false;
  if (/[“「『][^”」』]*$/u.test(text.slice(Math.max(0, start - 400), start))) return true;
  const rest = text.slice(end, end + 300).split(/(?<=[.。!?！？])\s+(?![[［【])|\n/u)[0] ?? '';
  if (/[[［【][^\]］】]{0,40}\d/u.test(rest)) return true;
  return !(numbers ?? []).some((number) => found.includes(number));
}

const code = /(`{3,}|~{3,})[\s\S]*?(?:\1|$)|(`+)[^`\n]+\2/gu;
const math = /\$\$[\s\S]{1,2000}?\$\$|\\\([\s\S]{1,1000}?\\\)|\\\[(?![\s\d０-９,、;-]{1,20}\\\])[\s\S]{1,2000}?\\\]/gu;
const inlineMath = /\$(?=\S)([^$\n]{1,300})(?<=\S)\$(?!\d)/gu;

/** Code and formulas, whose brackets are theirs. @returns a test of offsets, which have to ascend */
function createLiteralTest(text: string): (offset: number) => boolean {
  const found = [...text.matchAll(code), ...text.matchAll(math)];
  for (const match of text.matchAll(inlineMath)) if (/[\\^_={}]/.test(match[1] ?? '')) found.push(match);
  const spans = found.map(({ 0: { length }, index }) => ({ from: index, to: index + length }));
  spans.sort((a, b) => a.from - b.from);
  let next = 0;
  let until = 0;
  return (offset) => {
    for (let span = spans[next]; span !== undefined && span.from <= offset; span = spans[next]) {
      until = Math.max(until, span.to);
      next += 1;
    }
    return offset < until;
  };
}

/** No answer has more passages than this: `[1-99]` is a range of something else. */
const WIDEST_RANGE = 20;

/** Null where it is no list of passages: zero in it, or a range that runs backwards or too far. */
function expand(written: string): readonly number[] | null {
  const numbers = new Set<number>();
  for (const [part] of written.normalize('NFKC').matchAll(new RegExp(range, 'gu'))) {
    const [first = 0, last = first] = (part.match(/\d+/g) ?? []).map(Number);
    if (first < 1 || last < first || last - first >= WIDEST_RANGE) return null;
    for (let n = first; n <= last; n += 1) numbers.add(n);
  }
  return [...numbers];
}

/** `¹²` is twelve where there are twelve passages, else one and two. */
function raisedNumbers(written: string, count: number): readonly number[] | null {
  const numbers = written
    .split(/[,˒‚]\s?/u)
    .map((group) => group.normalize('NFKC'))
    .flatMap((group) => (Number(group) <= count ? [Number(group)] : [...group].map(Number)));
  return numbers.includes(0) ? null : numbers;
}

/** The marks that begin in a part of the text. */
export function marksBetween(marks: readonly Mark[], start: number, end: number): readonly Mark[] {
  return marks.slice(firstFrom(marks, start), firstFrom(marks, end));
}

/** The place of the first of some spans, in order, that begins at an offset or after it. */
export function firstFrom(spans: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text without its marks and without the space before each. */
export function withoutMarks(text: string, marks: readonly Mark[]): string {
  return replaceMarks(text, marks, () => '');
}

/**
 * The text with each mark replaced; a mark replaced by nothing takes the white space before it along.
 * @param replacement receives the offset in the result at which its text begins
 */
export function replaceMarks(
  text: string,
  marks: readonly Mark[],
  replacement: (mark: Mark, offset: number) => string,
): string {
  let result = '';
  let at = 0;
  for (const mark of marks) {
    const between = text.slice(at, mark.start);
    const put = replacement(mark, result.length + between.length);
    result += (put === '' ? between.trimEnd() : between) + put;
    at = mark.end;
  }
  return result + text.slice(at);
}

/** Stands for a mark's letters while a text is split into sentences. */
export const MASK = '\ue000';

/** The text with each letter of its marks masked, so that offsets stay. */
export function maskMarks(text: string, marks: readonly Mark[]): string {
  return replaceMarks(text, marks, ({ start, end }) => MASK.repeat(end - start));
}
