/** The pieces of text that a PDF page draws → pieces in upright coordinates, without those that are drawn twice and without ruby. */
import { cleanText, isCjk } from '../../text/fold-space.ts';

/** What pdf.js reports of one piece; lengths in points, `transform` as in the PDF's text matrix. */
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

/** Lengths in points, in the direction in which the piece is read. */
export type PdfText = {
  readonly text: string;
  /** Along the line; it ends at `end`. */
  readonly start: number;
  readonly end: number;
  /** Across, falling from line to line. */
  readonly level: number;
  /** Size of the font. */
  readonly size: number;
  readonly font: string;
  readonly isFixed: boolean;
  readonly isVertical: boolean;
  /** Degrees against the upright page. */
  readonly angle: number;
};

/** @param viewport the matrix from the PDF's coordinates to those of the page as it is shown, y downwards */
export function pageTexts(items: readonly PdfItem[], fonts: PdfFonts, viewport: readonly number[]): readonly PdfText[] {
  const texts = items.flatMap((item): PdfText[] => {
    if (item.str === '') return [];
    const font = fonts[item.fontName];
    const [a, b, c, d, x, y] = multiply(viewport, item.transform);
    const angle = Math.round((Math.atan2(-b, a) * 180) / Math.PI);
    // Turned by its angle, with y upwards.
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const along = x * cos - y * sin;
    const across = -x * sin - y * cos;
    const isVertical = font?.vertical === true;
    const start = isVertical ? -across : along;
    return [
      {
        text: item.str.trim() === '' ? ' ' : cleanText(item.str),
        start,
        end: start + (isVertical ? item.height : item.width),
        level: isVertical ? along : across,
        size: Math.hypot(c, d),
        font: item.fontName,
        isFixed: font?.fontFamily === 'monospace',
        isVertical,
        angle: angle === -180 ? 180 : angle,
      },
    ];
  });
  return withoutRuby(withVertical(withoutCopies(texts)));
}

const stacked =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u30ff\uff00-\uffef\u2010-\u2026ー]$|^[\dA-Za-z!?]{1,3}$/u;
const fewestStacked = 3;

/** Browsers draw vertical text sign by sign, each below the one before, and what is turned beside it at a right angle. */
function withVertical(texts: readonly PdfText[]): readonly PdfText[] {
  const turned: PdfText[] = [];
  let stack: PdfText[] = [];
  const flush = () => {
    const isStack =
      stack.filter(({ text }) => text !== ' ').length >= fewestStacked && stack.some(({ text }) => isCjk(text));
    for (const text of stack) turned.push(isStack && text.text !== ' ' ? turn(text) : text);
    stack = [];
  };
  for (const text of texts) {
    const before = stack.findLast((each) => each.text !== ' ');
    if (text.text === ' ' && before) stack.push(text);
    else {
      if (!isBelow(before, text)) flush();
      stack.push(text);
    }
  }
  flush();
  const characters = (of: readonly PdfText[]) => of.reduce((sum, { text }) => sum + text.length, 0);
  const isVertical = characters(turned.filter((text) => text.isVertical)) > characters(turned) / 2;
  return isVertical
    ? turned.map((text) => (text.angle === -90 && !text.isVertical ? { ...text, angle: 0, isVertical: true } : text))
    : turned;
}

function isBelow(before: PdfText | undefined, text: PdfText): boolean {
  if (before === undefined || before.isVertical || text.isVertical || before.angle !== 0 || text.angle !== 0)
    return false;
  if (!stacked.test(before.text) || !stacked.test(text.text) || Math.abs(before.size - text.size) > 0.5) return false;
  const fall = before.level - text.level;
  const middles = Math.abs((before.start + before.end) / 2 - (text.start + text.end) / 2);
  return middles < text.size * 0.35 && fall > text.size * 0.5 && fall < text.size * 2.3;
}

/** From the left edge and the base line of a sign to the top of its column. */
function turn(text: PdfText): PdfText {
  const top = -(text.level + text.size * 0.85);
  return {
    ...text,
    start: top,
    end: top + text.size,
    level: (text.start + text.end) / 2 - text.size / 2,
    isVertical: true,
  };
}

type Matrix = readonly [number, number, number, number, number, number];

function multiply(outer: readonly number[], inner: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = outer;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** Text is drawn again, a little apart, to look bold or shadowed. */
function withoutCopies(texts: readonly PdfText[]): readonly PdfText[] {
  const cell = 2;
  const drawn = new Map<string, PdfText[]>();
  return texts.filter((text) => {
    if (text.text === ' ') return true;
    const [column, row] = [Math.round(text.start / cell), Math.round(text.level / cell)];
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const others = drawn.get(`${column + dx} ${row + dy} ${text.angle} ${text.text}`) ?? [];
        if (others.some((other) => isCopy(text, other))) return false;
      }
    }
    const key = `${column} ${row} ${text.angle} ${text.text}`;
    addTo(drawn, key, text);
    return true;
  });
}

function addTo(map: Map<string, PdfText[]>, key: string, text: PdfText): void {
  const list = map.get(key);
  if (list) list.push(text);
  else map.set(key, [text]);
}

function isCopy(text: PdfText, other: PdfText): boolean {
  const most = Math.min(1.6, Math.max(text.size * 0.15, 0.5));
  return Math.abs(text.start - other.start) <= most && Math.abs(text.level - other.level) <= most;
}

const kana = /^[\p{Script=Hiragana}\p{Script=Katakana}ー・\s]+$/u;
const han = /\p{Script=Han}/u;

/** The readings over ideographs: they stand between the lines and would tear the sentences. */
function withoutRuby(texts: readonly PdfText[]): readonly PdfText[] {
  if (!texts.some(({ text }) => han.test(text))) return texts;
  const height = 8;
  const bases = new Map<string, PdfText[]>();
  for (const text of texts) {
    if (!han.test(text.text)) continue;
    const key = `${text.angle} ${Math.floor(text.level / height)}`;
    addTo(bases, key, text);
  }
  return texts.filter((text) => {
    if (!kana.test(text.text) || text.text === ' ') return true;
    const row = Math.floor(text.level / height);
    for (let below = row; below >= row - 6; below--) {
      for (const base of bases.get(`${text.angle} ${below}`) ?? []) {
        const distance = text.level - base.level;
        const isOver = text.size <= base.size * 0.62 && distance > base.size * 0.45 && distance < base.size * 1.4;
        // A reading may be wider than its word.
        const slack = text.size * 2;
        if (
          isOver &&
          base.isVertical === text.isVertical &&
          text.start >= base.start - slack &&
          text.end <= base.end + slack
        )
          return false;
      }
    }
    return true;
  });
}
