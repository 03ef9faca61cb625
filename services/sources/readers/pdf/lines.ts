/** The pieces of text of a PDF page → its lines, in the order in which they are drawn. */
import { isCjk, spaceWithinCjk } from '../../text/fold-space.ts';
import { subscript, superscript } from '../html/inline.ts';
import type { PdfText } from './page-texts.ts';

/** Lengths in points. `start`, `end`: along the line; `level`: across, falling from line to line. */
export type PdfLine = {
  text: string;
  start: number;
  end: number;
  level: number;
  /** Size of the font. */
  size: number;
  /** ASCII characters in a font of fixed width; Japanese fonts all have a fixed width. */
  fixed: number;
  /** The font of most of its characters. */
  font: string;
  readonly isVertical: boolean;
  readonly angle: number;
  /** What stands between wide gaps. */
  readonly chunks: Chunk[];
};
export type Chunk = { text: string; start: number; end: number };

/** A gap of this many font sizes parts the cells of a table. */
const cellGap = 3;
/** A gap of this many font sizes may part columns. */
const chunkGap = 0.9;
export const ascii = /[!-~]/g;

export function pdfLines(texts: readonly PdfText[]): readonly PdfLine[] {
  const usual = mostCommonAngle(texts);
  const angles = [...new Set(texts.map(({ angle }) => angle))].sort(
    (a, b) => Number(b === usual) - Number(a === usual) || a - b,
  );
  return angles.flatMap((angle) => linesOf(texts.filter((text) => text.angle === angle)));
}

function mostCommonAngle(texts: readonly PdfText[]): number {
  const characters = new Map<number, number>();
  for (const { angle, text } of texts) characters.set(angle, (characters.get(angle) ?? 0) + text.length);
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function linesOf(texts: readonly PdfText[]): readonly PdfLine[] {
  const lines: PdfLine[] = [];
  let line: PdfLine | undefined;
  let isSpaced = false;
  for (const piece of texts) {
    if (piece.text === ' ') {
      isSpaced = true;
      continue;
    }
    const { start, end, level, size } = piece;
    const text = withoutSpread(piece.text);
    if (line && line.isVertical === piece.isVertical && isBeside(line, piece)) {
      const script = scriptOf(line, piece, text);
      if (script !== null) append(line, script, '', piece);
      else {
        // A raised number at the beginning of the line, such as that of a footnote.
        if (size * 0.8 > line.size && line.level > level + size * 0.1 && /^\d{1,3}$/.test(line.text.trim())) {
          line.text = superscript(line.text);
          for (const chunk of line.chunks) chunk.text = superscript(chunk.text);
        }
        append(line, text, gapBetween(line, text, (start - line.end) / size, isSpaced), piece);
        if (size > line.size) Object.assign(line, { size, level });
      }
      line.end = Math.max(line.end, end);
    } else {
      line = {
        text,
        start,
        end,
        level,
        size,
        fixed: 0,
        font: piece.font,
        isVertical: piece.isVertical,
        angle: piece.angle,
        chunks: [{ text, start, end }],
      };
      lines.push(line);
    }
    isSpaced = false;
    if (piece.isFixed) line.fixed += text.match(ascii)?.length ?? 0;
  }
  return lines.map((each) => ({ ...each, text: withFractions(each.text.trim()) })).filter((each) => each.text !== '');
}

function isBeside(line: PdfLine, { level, size, start }: PdfText): boolean {
  return Math.abs(level - line.level) < Math.max(line.size, size) * 0.55 && start >= line.start;
}

function append(line: PdfLine, text: string, gap: string, { start, end, size, font }: PdfText): void {
  const chunk = line.chunks.at(-1);
  if (chunk && (start - line.end) / size <= chunkGap) {
    chunk.text += (gap === ' | ' ? ' ' : gap) + text;
    chunk.end = Math.max(chunk.end, end);
  } else line.chunks.push({ text, start, end });
  if (text.length > line.text.length) line.font = font;
  line.text += gap + text;
}

/** Raised and lowered digits and signs; null: it is text of the line. */
function scriptOf(line: PdfLine, { level, size, start }: PdfText, text: string): string | null {
  const isSmall = size < line.size * 0.85;
  const isNear = start - line.end < line.size * 0.5;
  const shift = (level - line.level) / line.size;
  const trimmed = text.trim();
  if (!isNear || trimmed.length > 4 || line.isVertical) return null;
  if ((isSmall && shift > 0.12) || (shift > 0.28 && /^[\d+\-−]+$/.test(trimmed))) {
    return /^[\d+\-−=()n]+$/.test(trimmed) ? superscript(trimmed) : null;
  }
  return isSmall && shift < -0.08 && /^\d{1,3}$/.test(trimmed) ? subscript(trimmed) : null;
}

/** `70¹/₂` is how forms set `70½`. */
function withFractions(text: string): string {
  return /[¹³][/⁄]/.test(text)
    ? text
        .replace(/¹[/⁄][2₂](?!\d)/g, '½')
        .replace(/¹[/⁄][4₄](?!\d)/g, '¼')
        .replace(/³[/⁄][4₄](?!\d)/g, '¾')
    : text;
}

/** @param gap in font sizes; @param isSpaced whether the library made a space of it */
function gapBetween(line: PdfLine, next: string, gap: number, isSpaced: boolean): string {
  if (gap > cellGap) return /[:：]$/.test(line.text) ? ' ' : ' | ';
  if (/\s$/.test(line.text) || /^\s/.test(next)) return '';
  // Justified Japanese is set apart a little, and is still one word. In vertical text, signs fill a part of their square.
  const isWithinJapanese = isCjk(line.text.slice(-1)) && isCjk(next.charAt(0));
  if (isWithinJapanese) return gap > (line.isVertical ? 1.6 : 0.9) ? ' ' : '';
  return (isSpaced && gap > 0.1) || gap > 0.2 ? ' ' : '';
}

/** Japanese that is spread over its line, each character set apart from the next. */
function withoutSpread(text: string): string {
  const spread = text.match(spaceWithinCjk)?.length ?? 0;
  return spread >= 3 && spread > text.length / 4 ? text.replace(spaceWithinCjk, '') : text;
}
