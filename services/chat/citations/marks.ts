/** Finds the marks [n] by which an answer points at passages, in every common shape. */

/** `numbers` are those of one mark, ranges written out: `[1, 3-5]` → 1, 3, 4, 5. Offsets are UTF-16, end exclusive. */
export type Mark = { readonly start: number; readonly end: number; readonly numbers: readonly number[] };

const digits = '[0-9０-９]{1,2}';
const range = `${digits}(?:\\s*[-–—~〜～－]\\s*${digits})?`;
const label = '(?:passage|source|document|doc|ref|出典|資料|文書|引用|参考|文献)s?';
// One or two digits: [2024] is a year. A following (…) makes it a Markdown link, `[1]:` at the start of a line a footnote.
export const markSource = `[[［【]\\s*(?:${label}\\s*|\\^)?(${range}(?:\\s*[,;，、；]\\s*(?:${label}\\s*|\\^)?${range})*)\\s*(?:†[^\\]】］]{0,80})?[\\]］】](?!\\()`;
const shape = new RegExp(markSource, 'giu');
const code = /(`{3,}|~{3,})[\s\S]*?(?:\1|$)|(`+)[^`\n]+\2/gu;

/**
 * The marks of a text, in order. Read: `[1]`, `[1][2]`, `[1, 2]`, `[1-3]`, `［１］`, `【1】`, `[^1]`, `[出典1]`, `[source 1]`,
 * `【1†source】`. Left alone, because they are text: `[0]` and numbers of three digits and more, `[1](link)`, `\[1\]`,
 * footnotes' definitions, code between backticks and what is written as a subscript (`x[1] = 5`, `rows[1].name`).
 */
export function findMarks(text: string): readonly Mark[] {
  if (!/[[［【]/.test(text)) return [];
  const codes = [...text.matchAll(code)].map((match) => [match.index, match.index + match[0].length] as const);
  const marks: Mark[] = [];
  for (const match of text.matchAll(shape)) {
    const start = match.index;
    const end = start + match[0].length;
    if (codes.some(([from, to]) => start >= from && start < to)) continue;
    if (isText(text, start, end)) continue;
    const numbers = expand(match[1] ?? '');
    if (numbers !== null) marks.push({ start, end, numbers });
  }
  return marks;
}

function isText(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 24), start);
  const after = text.slice(end, end + 24);
  if (before.endsWith('\\')) return true;
  const beginsLine = start <= 24 ? /(?:^|\n)[ \t]*$/ : /\n[ \t]*$/;
  if (beginsLine.test(before) && after.startsWith(':')) return true;
  return /[\w)\]]$/.test(before) && /^(?:\s*[-+*/]?=[^=]|\.[a-z_]\w*|\()/.test(after);
}

/** No answer is given more passages than this: `[1-99]` is a range of something else. */
const WIDEST_RANGE = 20;

/** Null where it is no mark: zero in it, or a range that runs backwards or too far. */
function expand(list: string): readonly number[] | null {
  const numbers = new Set<number>();
  for (const part of list.normalize('NFKC').split(/[,;、]/)) {
    const [first = 0, last = first] = (part.match(/\d+/g) ?? []).map(Number);
    if (first < 1 || last < first || last - first >= WIDEST_RANGE) return null;
    for (let n = first; n <= last; n += 1) numbers.add(n);
  }
  return [...numbers];
}

/** The text without its marks and without the space that stood before each. */
export function withoutMarks(text: string): string {
  return replaceMarks(text, () => '');
}

/** The text with each mark replaced; a mark replaced by nothing takes the white space before it along. */
export function replaceMarks(text: string, replacement: (mark: Mark, index: number) => string): string {
  let result = '';
  let at = 0;
  findMarks(text).forEach((mark, index) => {
    const put = replacement(mark, index);
    const between = text.slice(at, mark.start);
    result += (put === '' ? between.trimEnd() : between) + put;
    at = mark.end;
  });
  return result + text.slice(at);
}
