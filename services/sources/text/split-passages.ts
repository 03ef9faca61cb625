/** Blocks → passages: whole paragraphs of one section and one page, packed to a size that suits reading and quoting. */
import type { Passage } from '../../provenance/content.ts';
import type { Block, Paragraph } from './block.ts';
import { cutParagraph } from './cut-paragraph.ts';
import { cleanText } from './fold-space.ts';
import { passageSize, sizeOf } from './passage-size.ts';

type Place = { readonly page: number | null; readonly second: number | null };
type Piece = {
  readonly kind: Paragraph['kind'];
  readonly text: string;
  readonly index: number;
  readonly size: number;
  readonly place: Place;
};
type Chunk = { readonly path: readonly string[]; readonly place: Place; readonly pieces: Piece[]; size: number };

/** @param title of the content; a heading that only repeats it is left out of the passages' heading */
export function splitPassages(title: string, blocks: readonly Block[]): readonly Passage[] {
  return joinTinySections(packed(blocks)).map((chunk, position) => ({
    position,
    paragraphIndex: chunk.pieces[0]?.index ?? 0,
    pageNumber: chunk.place.page,
    startSeconds: chunk.place.second,
    title,
    heading: headingOf(chunk.path, title),
    text: chunk.pieces.map((piece, at) => gapBefore(piece, chunk.pieces[at - 1]) + piece.text).join(''),
  }));
}

function packed(blocks: readonly Block[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let open: Chunk | undefined;
  let index = 0;
  for (const { path, paragraph } of underHeadings(blocks)) {
    const place = { page: paragraph.page, second: paragraph.second ?? null };
    for (const text of cutParagraph(paragraph.text)) {
      const piece = { kind: paragraph.kind, text, index, size: sizeOf(text), place };
      if (!open || open.path !== path || !fits(open, piece, paragraph.page)) {
        const moved: Chunk | null = open && open.path === path ? takeQuestion(open, piece) : null;
        open = moved ?? { path, place, pieces: [], size: 0 };
        chunks.push(open);
      }
      open.pieces.push(piece);
      open.size += piece.size;
    }
    index++;
  }
  return chunks;
}

const question =
  /^(?:Q(?:uestion)?\s?\d{0,3}\s?[.:：．、)]|問\s?[\d一二三四五六七八九十]{0,3}\s?[.:：．、\s]|質問)|[?？]$/i;

/** A question at the end of a passage begins the next one, with its answer. @returns null where there is none */
function takeQuestion(chunk: Chunk, answer: Piece): Chunk | null {
  const last = chunk.pieces.at(-1);
  const isQuestion = last !== undefined && last.size <= passageSize.least && question.test(last.text);
  if (!isQuestion || chunk.pieces.length < 2 || last.size + answer.size > passageSize.limit) return null;
  chunk.pieces.pop();
  chunk.size -= last.size;
  return { path: chunk.path, place: last.place, pieces: [last], size: last.size };
}

function fits(chunk: Chunk, piece: Piece, page: number | null): boolean {
  const size = chunk.size + piece.size;
  // A citation names the page on which its passage begins, so a passage ends with its page unless that leaves a scrap.
  if (chunk.place.page !== page) return chunk.size < passageSize.tiny && size <= passageSize.limit;
  return size <= (chunk.size < passageSize.least ? passageSize.limit : passageSize.most);
}

/** Each paragraph with the headings above it; paragraphs of one section share one array. */
function* underHeadings(blocks: readonly Block[]): Generator<{ path: readonly string[]; paragraph: Paragraph }> {
  let open: { level: number; text: string }[] = [];
  let path: readonly string[] = [];
  let page: number | null = null;
  const cleaned = blocks
    .map((block) => ({ ...block, text: cleanText(block.text).trim() }))
    .filter(({ kind, text }) => text !== '' || kind === 'heading');
  for (const [at, block] of cleaned.entries()) {
    if (block.kind !== 'heading') {
      page = block.page;
      yield { path, paragraph: block };
      continue;
    }
    open = open.filter(({ level }) => level < block.level);
    if (block.text === '') {
      path = open.map((each) => each.text);
      continue;
    }
    const next = cleaned[at + 1];
    if (next === undefined || (next.kind === 'heading' && next.level <= block.level)) {
      // Without text under it, a heading becomes a line of the section above, so that nothing is lost.
      const above = open.map((each) => each.text);
      if (path.join('\n') !== above.join('\n')) path = above;
      yield { path, paragraph: { kind: 'item', text: block.text, page } };
      continue;
    }
    open.push(block);
    path = open.map((each) => each.text);
  }
}

/**
 * The line or two between a heading and its first subheading go with that subsection, the last line of a section with
 * the passage before it.
 */
function joinTinySections(chunks: readonly Chunk[]): readonly Chunk[] {
  const kept: Chunk[] = [];
  for (const chunk of chunks) {
    const before = kept.at(-1);
    if (before && isScrapBeside(before, chunk) && before.size + chunk.size <= passageSize.limit) {
      kept[kept.length - 1] = {
        path: chunk.path,
        place: { page: before.place.page ?? chunk.place.page, second: before.place.second ?? chunk.place.second },
        pieces: [...before.pieces, ...chunk.pieces],
        size: before.size + chunk.size,
      };
    } else kept.push(chunk);
  }
  return kept;
}

function isScrapBeside(before: Chunk, chunk: Chunk): boolean {
  const within = before.path.every((heading, at) => chunk.path[at] === heading);
  if (within && before.size < passageSize.tiny) return true;
  return (
    within &&
    before.path.length === chunk.path.length &&
    before.place.page === chunk.place.page &&
    chunk.size < passageSize.tiny
  );
}

function headingOf(path: readonly string[], title: string): string {
  const repeated = path[0]?.normalize('NFKC') === title.normalize('NFKC');
  return (repeated ? path.slice(1) : path).join(' › ');
}

function gapBefore(piece: Piece, before: Piece | undefined): string {
  if (!before) return '';
  // The parts of a paragraph that was cut, and the lines of a list, stand closer than paragraphs do.
  return piece.index === before.index || (piece.kind === 'item' && before.kind !== 'pre') ? '\n' : '\n\n';
}
