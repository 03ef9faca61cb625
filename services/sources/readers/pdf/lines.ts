/** The pieces of text a PDF page draws → its lines, in the order in which they are drawn. */
import { cleanText, isCjk, spaceWithinCjk } from '../../text/fold-space.ts';

/** What pdf.js tells of one piece; lengths in points, `transform` as in the PDF's text matrix. */
export type PdfItem = {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly fontName: string;
};
export type PdfFonts = Readonly<
  Record<string, { readonly fontFamily: string; readonly vertical?: boolean | undefined } | undefined>
>;

/** Lengths in points. `start`, `end`: along the line; `level`: across, falling from line to line. */
export type PdfLine = {
  text: string;
  start: number;
  end: number;
  level: number;
  /** Size of the font. */
  size: number;
  /** ASCII characters in a font of fixed width; Japanese fonts are all of fixed width and tell nothing. */
  fixed: number;
};

/** A gap of this many font sizes parts the cells of a table. */
const cellGap = 3;
export const ascii = /[!-~]/g;

export function pdfLines(items: readonly PdfItem[], fonts: PdfFonts): readonly PdfLine[] {
  const lines: PdfLine[] = [];
  let line: PdfLine | undefined;
  let spaced = false;
  for (const item of items) {
    const font = fonts[item.fontName];
    const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform;
    // Watermarks and labels of diagrams are drawn askew.
    if (item.str === '' || Math.abs(b) > Math.abs(a) / 10) continue;
    if (item.str.trim() === '') {
      spaced = true;
      continue;
    }
    const size = Math.hypot(c, d);
    const vertical = font?.vertical === true;
    const start = vertical ? -y : x;
    const level = vertical ? x : y;
    const end = start + (vertical ? item.height : item.width);
    const text = withoutSpread(cleanText(item.str));
    if (line && Math.abs(level - line.level) < Math.max(line.size, size) * 0.55 && start >= line.start) {
      // The raised number of a footnote.
      if (size < line.size * 0.8 && level > line.level && /^\d{1,3}$/.test(text.trim())) continue;
      line.text += gapBetween(line, text, (start - line.end) / size, spaced) + text;
      line.end = Math.max(line.end, end);
      if (size > line.size) Object.assign(line, { size, level });
    } else {
      line = { text, start, end, level, size, fixed: 0 };
      lines.push(line);
    }
    spaced = false;
    if (font?.fontFamily === 'monospace') line.fixed += text.match(ascii)?.length ?? 0;
  }
  return lines.map((each) => ({ ...each, text: each.text.trim() })).filter((each) => each.text !== '');
}

/** @param gap in font sizes; @param spaced whether the library made a space of it */
function gapBetween(line: PdfLine, next: string, gap: number, spaced: boolean): string {
  if (gap > cellGap) return ' | ';
  if (/\s$/.test(line.text) || /^\s/.test(next)) return '';
  // Justified Japanese is set apart a little, and is still one word.
  const withinJapanese = isCjk(line.text.slice(-1)) && isCjk(next.charAt(0));
  return withinJapanese ? (gap > 0.9 ? ' ' : '') : spaced || gap > 0.2 ? ' ' : '';
}

/** Japanese that is spread over its line, each character set apart from the next. */
function withoutSpread(text: string): string {
  const spread = text.match(spaceWithinCjk)?.length ?? 0;
  return spread >= 3 && spread > text.length / 4 ? text.replace(spaceWithinCjk, '') : text;
}
