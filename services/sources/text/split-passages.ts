/** Blocks → passages: whole paragraphs of one section and one page, packed to a size that can be read and quoted. */
import type { Passage } from '../../provenance/content.ts';
import type { Block, Paragraph } from './block.ts';
import { cutParagraph } from './cut-paragraph.ts';
import { cleanText } from './fold-space.ts';
import { passageSize, sizeOf } from './passage-size.ts';

type Piece = { readonly kind: Paragraph['kind']; readonly text: string; readonly index: number; readonly size: number };
type Place = { readonly page: number | null; readonly second: number | null };
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
  let open: Chunk | null = null;
  let index = 0;
  for (const { path, paragraph } of underHeadings(blocks)) {
    for (const text of cutParagraph(paragraph.text)) {
      const piece = { kind: paragraph.kind, text, index, size: sizeOf(text) };
      if (!open || open.path !== path || !fits(open, piece, paragraph.page)) {
        open = { path, place: { page: paragraph.page, second: paragraph.second ?? null }, pieces: [], size: 0 };
        chunks.push(open);
      }
      open.pieces.push(piece);
      open.size += piece.size;
    }
    index++;
  }
  return chunks;
}

function fits(chunk: Chunk, piece: Piece, page: number | null): boolean {
  const size = chunk.size + piece.size;
  // A citation names the page on which its passage begins, so passages stay on their page unless that leaves a scrap.
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
    .filter(({ text }) => text !== '');
  for (const [at, block] of cleaned.entries()) {
    if (block.kind !== 'heading') {
      page = block.page;
      yield { path, paragraph: block };
      continue;
    }
    open = open.filter(({ level }) => level < block.level);
    const next = cleaned[at + 1];
    if (next === undefined || (next.kind === 'heading' && next.level <= block.level)) {
      // Nothing stands under it: it is read as a line of the section above, so that nothing is lost.
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
