/** Cuts a paragraph that is too long for one passage: at line breaks, else at sentences, words, or anywhere. */
import { isCjk } from './fold-space.ts';
import { passageSize, sizeOf } from './passage-size.ts';

const japanese = new Intl.Segmenter('ja', { granularity: 'sentence' });
const english = new Intl.Segmenter('en', { granularity: 'sentence' });

/** @returns pieces of at most `passageSize.most`, none empty, that hold all of the text but white space at the cuts */
export function cutParagraph(text: string): readonly string[] {
  const size = sizeOf(text);
  if (size <= passageSize.most) return [text];
  // Equal pieces read better than full ones and a remainder.
  const goal = Math.ceil(size / Math.ceil(size / passageSize.most)) + passageSize.tiny;
  const most = Math.min(goal, passageSize.most);
  const pieces: string[] = [];
  let piece = '';
  let pieceSize = 0;
  for (const unit of units(text, most)) {
    const unitSize = sizeOf(unit);
    if (pieceSize > 0 && pieceSize + unitSize > most) {
      pieces.push(piece);
      piece = '';
      pieceSize = 0;
    }
    piece += unit;
    pieceSize += unitSize;
  }
  pieces.push(piece);
  return pieces.map((each) => each.trim()).filter((each) => each !== '');
}

/** Parts of at most `most`, as natural as possible, that make up the text when joined. */
function* units(text: string, most: number): Generator<string> {
  for (const line of text.split(/(?<=\n)/)) {
    if (sizeOf(line) <= most) yield line;
    else yield* sentences(line, most);
  }
}

function* sentences(line: string, most: number): Generator<string> {
  const segmenter = isCjk(line.slice(0, 200).replace(/[ -~]/g, '').charAt(0)) ? japanese : english;
  // The segmenter's time grows faster than its text, so it gets a limited stretch at a time.
  for (const stretch of stretches(line, 20_000)) {
    for (const { segment } of segmenter.segment(stretch)) {
      if (sizeOf(segment) <= most) yield segment;
      else yield* words(segment, most);
    }
  }
}

function* words(sentence: string, most: number): Generator<string> {
  for (const word of sentence.split(/(?<=[\s、，,;；])/)) {
    if (sizeOf(word) <= most) yield word;
    else for (const part of stretches(word, Math.floor(most / 2))) yield part;
  }
}

/** Parts of at most `length` UTF-16 units, cut at white space where there is some, never within a surrogate pair. */
function* stretches(text: string, length: number): Generator<string> {
  let start = 0;
  while (text.length - start > length) {
    const space = text.lastIndexOf(' ', start + length);
    let end = space > start + length / 2 ? space + 1 : start + length;
    if (/[\udc00-\udfff]/.test(text.charAt(end))) end--;
    yield text.slice(start, end);
    start = end;
  }
  yield text.slice(start);
}
