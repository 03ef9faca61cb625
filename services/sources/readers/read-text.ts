/** Plain text → blocks: paragraphs by blank lines, underlined headings, list items; hard-wrapped lines joined again. */
import type { Block, Extracted } from '../text/block.ts';
import { foldPre, foldSpace, hardBreak, isCjk } from '../text/fold-space.ts';

const underline = /^([=\-~^"*#+'`:._])\1{2,}\s*$/;
const bullet = /^\s*(?:[-*•·・◦▪●○]\s+|[・●○◆■]|(?:\d{1,3}(?:\.\d{1,3})*|[a-z])[.)]\s+|[（(]\d{1,2}[)）])/;
/** Columns from which on a line counts as wrapped, not ended. */
const wrappedWidth = 50;
/** Japanese text is wrapped in much narrower columns, but in none narrower than this. */
const narrowest = 20;
const sentenceEnd = /[。．.！？!?：:」』）)…]\s*$/;

export function readText(source: string): Extracted {
  const lines = source.replace(/\r\n?/g, '\n').replaceAll('\f', '\n\n').split('\n');
  const column = japaneseColumn(lines);
  const underlines: string[] = [];
  const blocks: Block[] = [];
  let open: string[] = [];

  function flush(): void {
    const lines = open;
    open = [];
    if (lines.length === 0) return;
    if (isTabular(lines)) {
      blocks.push({ kind: 'pre', text: foldPre(lines.join('\n')), page: null });
      return;
    }
    const first = lines[0] ?? '';
    const text = foldSpace(lines.map((line, at) => joined(line, lines[at + 1], column)).join(''));
    if (text === '') return;
    const kind = bullet.test(first) ? 'item' : 'paragraph';
    blocks.push({ kind, text: text.replace(/^[-*•·・◦▪●○]\s+/, ''), page: null });
  }

  for (const [at, line] of lines.entries()) {
    const sign = underline.exec(line)?.[1];
    if (line.trim() === '') flush();
    else if (sign !== undefined && open.length === 1 && isHeading(open[0] ?? '', line)) {
      const text = (open[0] ?? '').trim();
      open = [];
      if (!underlines.includes(sign)) underlines.push(sign);
      blocks.push({ kind: 'heading', level: underlines.indexOf(sign) + 1, text });
    } else if (sign !== undefined) {
      flush(); // a rule, or the line above a heading
    } else {
      const before = lines[at - 1] ?? '';
      // A full-width space at its start opens a Japanese paragraph; a very long line is one.
      if (bullet.test(line) || line.startsWith('\u3000') || width(before) > 160) flush();
      open.push(line);
    }
  }
  flush();
  const first = blocks[0];
  const title = first && (first.kind === 'heading' || isTitle(first.text, blocks.length)) ? first.text : null;
  return { title, blocks };
}

/** A short line ends where its writer ended it; a long one where the column did. */
function joined(line: string, next: string | undefined, column: number | null): string {
  if (next === undefined) return line;
  const columns = width(line);
  // A line is shorter than its column by a sign that may not begin the next line.
  const isFull = column !== null && columns >= column - 4 && isOpen(line) && isCjk(next.charAt(0));
  return columns >= wrappedWidth || isFull ? `${line}\n` : `${line}${hardBreak}`;
}

/** Whether the line ends within a Japanese sentence. */
function isOpen(line: string): boolean {
  const text = line.trimEnd();
  return isCjk(text.slice(-1)) && !sentenceEnd.test(text);
}

/** The width in columns at which Japanese lines are wrapped: that of most lines that end within a sentence; null: none is. */
function japaneseColumn(lines: readonly string[]): number | null {
  const widths = lines
    .filter((line, at) => isOpen(line) && !isTitleLike(lines, at))
    .map((line) => width(line.trimEnd()))
    .filter((columns) => columns >= narrowest && columns < wrappedWidth + 10);
  const near = (columns: number) => widths.filter((each) => Math.abs(each - columns) <= 2).length;
  const [most] = widths.toSorted((a, b) => near(b) - near(a) || b - a);
  if (most === undefined) return null;
  // Lines of a poem or of an address differ in length.
  return near(most) >= Math.max(widths.length === 1 ? 1 : 2, widths.length / 3) ? most : null;
}

/** Nothing follows it that could continue its sentence. */
function isTitleLike(lines: readonly string[], at: number): boolean {
  const next = lines[at + 1]?.trim() ?? '';
  return next === '' || underline.test(next) || bullet.test(next) || lines[at + 1]?.startsWith('\u3000') === true;
}

/** Columns in a fixed-width font. */
function width(line: string): number {
  let columns = 0;
  for (const character of line) columns += isCjk(character) ? 2 : 1;
  return columns;
}

function isHeading(text: string, rule: string): boolean {
  return width(text.trim()) <= rule.trim().length + 2 && width(text) <= 120;
}

/** Columns made by runs of spaces: a table or code, whose layout carries meaning. */
function isTabular(lines: readonly string[]): boolean {
  if (lines.length < 2) return false;
  const spaced = lines.filter((line) => /\S(?: {3,}|\t)\S/.test(line));
  return spaced.length > lines.length / 2;
}

function isTitle(text: string, blocks: number): boolean {
  return (
    blocks > 1 && /\p{L}/u.test(text) && !text.includes('\n') && width(text) <= 100 && !/[.。,、;；:：]$/.test(text)
  );
}
