/** Decides which lines of a PDF are headings: by their size or font, and by how rare, short and alone such lines are. */
import { ascii, type PdfLine } from './lines.ts';

/** A font this much larger than the body's may be a heading's. */
const headingScale = 1.12;
/** Headings are at most this share of a document; larger type that is more is body text beside small print or code. */
const mostOfText = 0.2;
const fewCharacters = 400;
const sentenceEnd = /[.。!！]["”」』)）]?$/;
const bullet = /^(?:[•◦▪●○■・‣∙*–—-]\s|[・●■])/;

export type Headings = {
  /** From 1; null: the line is no heading. */
  readonly levelOf: (line: PdfLine) => number | null;
};

export function findHeadings(pages: readonly (readonly PdfLine[])[], bodySize: number): Headings {
  const lines = pages.flat();
  const total = lines.reduce((sum, { text }) => sum + text.length, 0);
  const bodyFont = mostOf(lines, ({ font }) => font);
  const sizes = [...new Set(lines.map(roundedSize))]
    .filter((size) => size >= bodySize * headingScale)
    .filter((size) =>
      isRare(
        lines.filter((line) => roundedSize(line) === size),
        total,
      ),
    )
    .sort((a, b) => b - a);
  const fonts = headingFonts(pages, bodySize, bodyFont, total);
  return {
    levelOf(line) {
      if (isSentence(line) || line.angle !== lines[0]?.angle) return null;
      const at = sizes.indexOf(roundedSize(line));
      if (at >= 0) return Math.min(at + 1, 6);
      return fonts.has(line.font) && isAlone(line, bodySize) ? Math.min(sizes.length + 1, 6) : null;
    },
  };
}

const roundedSize = ({ size }: PdfLine): number => Math.round(size * 2) / 2;

function isRare(lines: readonly PdfLine[], total: number): boolean {
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  const sentences = lines.filter(({ text }) => sentenceEnd.test(text)).length;
  return (characters <= fewCharacters || characters <= total * mostOfText) && sentences <= lines.length * 0.4;
}

function isSentence({ text }: PdfLine): boolean {
  return (
    bullet.test(text) || (text.length > 60 && sentenceEnd.test(text)) || (text.includes(' | ') && text.length > 80)
  );
}

/** Fonts of the body's size, such as its bold one, that set hardly anything but short lines which stand alone. */
function headingFonts(
  pages: readonly (readonly PdfLine[])[],
  bodySize: number,
  bodyFont: string,
  total: number,
): ReadonlySet<string> {
  const counts = new Map<string, { alone: number; all: number; characters: number }>();
  for (const lines of pages) {
    for (const [at, line] of lines.entries()) {
      if (line.font === bodyFont) continue;
      const count = counts.get(line.font) ?? { alone: 0, all: 0, characters: 0 };
      counts.set(line.font, count);
      count.all++;
      count.characters += line.text.length;
      const [before, next] = [lines[at - 1], lines[at + 1]];
      const begins = before === undefined || before.font !== line.font;
      if (begins && next?.font === bodyFont && next.level < line.level && isAlone(line, bodySize)) count.alone++;
    }
  }
  return new Set(
    [...counts]
      .filter(([, { alone, all, characters }]) => alone >= 2 && alone >= all * 0.7 && characters <= total * 0.1)
      .map(([font]) => font),
  );
}

function isAlone(line: PdfLine, bodySize: number): boolean {
  const { text, size, fixed } = line;
  const letters = text.match(ascii)?.length ?? 0;
  return (
    Math.abs(size - bodySize) <= bodySize * 0.1 &&
    text.length <= 70 &&
    /^[\p{Lu}\p{Lo}\d(（【■第]/u.test(text) &&
    !/[.。!！,、，;:：]$/.test(text) &&
    !text.includes(' | ') &&
    fixed <= letters * 0.5
  );
}

export function mostOf<Key>(lines: readonly PdfLine[], keyOf: (line: PdfLine) => Key): Key {
  const characters = new Map<Key, number>();
  for (const line of lines) characters.set(keyOf(line), (characters.get(keyOf(line)) ?? 0) + line.text.length);
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] as Key;
}
