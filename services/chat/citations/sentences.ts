/** Splits Japanese and English text, plain or Markdown, into sentences. */
import { firstFrom, MASK, type Mark, maskMarks } from './marks.ts';

/**
 * `sentence`: makes a statement. `heading`, `lead` (a line that ends in a colon and announces a list) and `code` make
 * none: they carry no citation and are not counted. Offsets are UTF-16, end exclusive, without surrounding Markdown.
 */
type Sentence = {
  readonly kind: 'sentence' | 'heading' | 'lead' | 'code';
  readonly start: number;
  readonly end: number;
};

type Block = { readonly kind: 'text' | 'heading' | 'code'; readonly start: number; readonly end: number };

const fence = /^[ \t]*(`{3,}|~{3,})/;
const heading = /^[ \t]*#{1,6}[ \t]+/;
const boldLine = /^[ \t]*(\*\*|__)[^*_\n]+\1[ \t]*[:：]?[ \t]*$/;
const rule = /^[ \t]*(?:[-*_=][ \t]*){3,}$|^[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*$/;
const item =
  /^[ \t]*(?:>[ \t]?)*(?:[-*+•・‣◦●○■□◆][ \t　]*(?![-*])|\d{1,3}[.)][ \t]+|[（(]\d{1,3}[)）][ \t　]*|[①-⑳][ \t　]*)/;
/** Longer lines are not checked for being a rule or a table's second row. */
const LONGEST_RULE = 400;
const quoted = /^[ \t]*(?:>[ \t]?)+/;
const tableRow = /^[ \t]*\|.*\|[ \t]*$/;

/**
 * Sentences of an answer, in order of appearance; together they contain every letter of the text except Markdown. A line break
 * inside a paragraph does not end a sentence.
 */
export function splitSentences(text: string, marks: readonly Mark[] = []): readonly Sentence[] {
  const masked = maskMarks(text, marks);
  return sentencesIn(masked, blocks(masked));
}

/** Sentences of a passage: plain text, in which a line is an item of a list, a row of a table or a line of code. */
export function splitLines(original: string): readonly Sentence[] {
  const text = maskMarks(original, referenceMarks(original));
  const lines = [...text.matchAll(/[^\n]+/g)].map(({ 0: line, index }) => {
    return { kind: 'text' as const, start: index + (item.exec(line)?.[0].length ?? 0), end: index + line.length };
  });
  return sentencesIn(text, lines);
}

/** Reference marks of the text's own, which belong to the sentence before them. */
export function referenceMarks(text: string): readonly Mark[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}_)\]])[[［]\d{1,3}(?:[,–-]\s?\d{1,3})*[\]］]/gu)].map(
    ({ 0: { length }, index }) => {
      return { start: index, end: index + length, numbers: [] };
    },
  );
}

function sentencesIn(text: string, found: readonly Block[]): readonly Sentence[] {
  const sentences: Sentence[] = [];
  for (const block of found) {
    if (block.kind === 'text') sentences.push(...sentencesOf(text, block));
    else sentences.push({ kind: block.kind, ...trimmed(text, block.start, block.end) });
  }
  return sentences.filter((sentence) => sentence.end > sentence.start);
}

/** Paragraphs, list items, rows of tables, headings and code. */
function blocks(text: string): readonly Block[] {
  const found: Block[] = [];
  let open: { start: number; end: number } | null = null;
  let fenced: { mark: string; start: number } | null = null;
  const close = (kind: Block['kind'] = 'text') => {
    if (open !== null) found.push({ kind, ...open });
    open = null;
  };
  for (const line of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    const start = line.index;
    const content = line[0].replace(/\r?\n$/, '');
    const end = start + content.length;
    const opening = fence.exec(content)?.[1];
    if (fenced !== null) {
      if (opening?.startsWith(fenced.mark)) {
        found.push({ kind: 'code', start: fenced.start, end });
        fenced = null;
      }
      continue;
    }
    const prefix = (heading.exec(content) ?? item.exec(content) ?? quoted.exec(content))?.[0].length ?? 0;
    if (opening !== undefined) {
      close();
      fenced = { mark: opening, start };
    } else if (content.trim() === '' || (content.length <= LONGEST_RULE && rule.test(content))) {
      // Underlined text and the first row of a table are headings; a line of stars or an empty one is just an end.
      close(/^[ \t]*(=+|-+)[ \t]*$|\|/.test(content) ? 'heading' : 'text');
    } else if (heading.test(content) || boldLine.test(content)) {
      close();
      found.push({ kind: 'heading', start: start + prefix, end });
    } else if (tableRow.test(content)) {
      close();
      open = { start, end };
    } else if (open === null || (prefix > 0 && !quoted.test(content)) || item.test(content)) {
      close();
      open = { start: start + prefix, end };
    } else {
      open = { start: open.start, end };
    }
  }
  if (fenced !== null) found.push({ kind: 'code', start: fenced.start, end: text.length });
  close();
  return found;
}

const closers = `[」』）】〕〉》)\\]"”’'*_～~]`;
const marks = `(?:[ \\t　]*${MASK})`;
// A full stop with what belongs to it: further stops, closing brackets, and the marks [n] that follow directly.
const stop = new RegExp(`[。！？!?．｡.…]+(?:${closers}*)(?:${marks}+)?`, 'giu');
const abbreviation =
  /(?:^|[\s(（「"“])(?:e\.g|i\.e|cf|vs|viz|approx|etc|al|ca|No|Nos|Fig|Figs|Eq|Sec|Ch|Vol|pp?|eds?|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Ltd|Co|Corp|Dept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[A-Z]|(?:[A-Za-z]\.)+[A-Za-z])\.$/;
const brackets: Readonly<Record<string, string>> = { '「': '」', '『': '』', '（': '）', '“': '”' };
/** A bracket left open does not swallow the paragraph. */
const LONGEST_BRACKET = 400;

function sentencesOf(text: string, block: Block): readonly Sentence[] {
  const body = text.slice(block.start, block.end);
  const bracketed = bracketSpans(body);
  const sentences: Sentence[] = [];
  let from = 0;
  const push = (to: number) => {
    const span = trimmed(text, block.start + from, block.start + to);
    const lead = /[:：][ \t*_]*$/.test(text.slice(span.start, span.end));
    if (span.end > span.start) sentences.push({ kind: lead ? 'lead' : 'sentence', ...span });
    from = to;
  };
  for (const match of body.matchAll(stop)) {
    if (match.index < from) continue;
    const to = endOfSentence(body, match.index, match[0], bracketed);
    if (to !== null) push(to);
  }
  push(body.length);
  return sentences;
}

/** Where the sentence with its full stop at `index` ends; null if it continues. */
function endOfSentence(body: string, index: number, stopText: string, bracketed: readonly Span[]): number | null {
  if (isWithin(bracketed, index, index + stopText.length)) return null;
  const stops = /^[。！？!?．｡.…]+/u.exec(stopText)?.[0] ?? '';
  const closed = new RegExp(`^${closers}*`, 'u').exec(stopText.slice(stops.length))?.[0] ?? '';
  const bare = index + stops.length + closed.length;
  const japanese = /[。！？｡．]/.test(stops);
  // "Foo [1]. [2] says": the second mark begins a sentence, because the first already had its own.
  const markedBefore =
    new RegExp(`${MASK}\\s*$`).test(body.slice(Math.max(0, index - 4), index)) &&
    /^[ \t　]/.test(body.slice(bare, bare + 1));
  const end = markedBefore ? bare : index + stopText.length;
  const next = body.slice(end, end + 8);
  if (next.trim() === '') return end;
  const marked = end > bare;
  if (japanese) {
    if (stops === '．' && /^[0-9０-９A-Za-z]/.test(next)) return null;
    // 「そうだ。」と言った goes on; 「そうだ。」次の日 does not.
    return /[」』）]/.test(closed) && !marked && /^[\p{Script=Hiragana}、，,。．.]/u.test(next) ? null : end;
  }
  if (/^[…]+$/u.test(stops) || /^\.{2,}$/.test(stops)) return /^\s+[\p{Lu}\p{Lo}]/u.test(next) ? end : null;
  if (!marked && !/^[\s　]/.test(next) && !/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(next))
    return null;
  if (/^\s*\p{Ll}/u.test(next)) return null;
  const before = body.slice(Math.max(0, index - 24), index + 1);
  if (stops === '.' && closed === '' && !marked) {
    if (abbreviation.test(before)) return null;
    if (/(?:^|\n)\s*\d{1,3}\.$/.test(before)) return null;
  }
  return end;
}

type Span = { readonly start: number; readonly end: number };

function bracketSpans(body: string): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { 0: opening, index } of body.matchAll(/[「『（“]/g)) {
    const length = body.slice(index + 1, index + LONGEST_BRACKET).indexOf(brackets[opening] ?? '');
    if (index < from || length === -1) continue;
    from = index + length + 2;
    spans.push({ start: index, end: from });
  }
  return spans;
}

/** Spans are in order and do not overlap, so one is enough to look at. */
function isWithin(spans: readonly Span[], start: number, end: number): boolean {
  const span = spans[firstFrom(spans, start) - 1];
  return span !== undefined && end < span.end;
}

function trimmed(text: string, start: number, end: number): Span {
  const slice = text.slice(start, end);
  const lead = slice.length - slice.trimStart().length;
  return {
    start: Math.min(start + lead, end),
    end: Math.max(end - (slice.length - slice.trimEnd().length), start + lead),
  };
}
