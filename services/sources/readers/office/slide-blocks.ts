/** One slide → blocks: its title as heading, its text in reading order, its tables row by row, its speaker notes. */
import { type XmlDocument, XmlElement, type XmlNode } from '@rgrove/parse-xml';
import type { Block, Paragraph } from '../../text/block.ts';
import { tableLines } from '../table-lines.ts';
import { childNamed, elementsNamed, localName, outermostNamed } from '../xml-elements.ts';
import { paragraphsOf } from './drawn-text.ts';
import { type Box, inReadingOrder } from './slide-order.ts';

export type SlideParts = {
  readonly slide: XmlDocument;
  /** The data of the diagrams (SmartArt) on it, by the id of their relation. */
  readonly diagrams: ReadonlyMap<string, XmlDocument>;
  /** Null: the speaker has none. */
  readonly notes: XmlDocument | null;
  /** Where its places are that the slide itself does not position; null: it has none. */
  readonly layout: XmlDocument | null;
};

export type SlideText = { readonly title: string | null; readonly blocks: readonly Block[] };

/** Places for what stands on every slide. */
const furniture = new Set(['dt', 'ftr', 'hdr', 'sldNum', 'sldImg']);
const titles = new Set(['title', 'ctrTitle']);

/** @param page the number of the slide, from 1 */
export function slideText({ slide, diagrams, notes, layout }: SlideParts, page: number): SlideText {
  const heading: string[] = [];
  const blocks: Paragraph[] = [];
  /** Each is drawn once, however often the slide names it. */
  const undrawn = new Map(diagrams);
  const add = (kind: Paragraph['kind'], texts: readonly string[]) => {
    for (const text of texts) if (text !== '') blocks.push({ kind, text, page });
  };
  const places = layout === null ? [] : [...shapesOf(layout)];
  const boxOf = ({ box, place, index }: Shape): Box | null =>
    box ?? places.find((each) => each.index === index && each.place === place)?.box ?? null;
  for (const { element, place } of inReadingOrder([...shapesOf(slide)], boxOf)) {
    if (place !== null && titles.has(place)) heading.push(...paragraphsOf(element));
    else if (localName(element) === 'sp') {
      // What stands in a place of the layout is a list in nearly all slides; what stands freely is a remark.
      add(place === null || place === 'subTitle' ? 'paragraph' : 'item', paragraphsOf(element));
    } else {
      for (const table of outermostNamed(element, 'tbl')) add('item', linesOf(table));
      for (const { attributes } of elementsNamed(element, 'relIds')) {
        const id = attributes['r:dm'] ?? '';
        const diagram = undrawn.get(id);
        undrawn.delete(id);
        for (const point of diagram ? outermostNamed(diagram, 'pt') : []) add('item', paragraphsOf(point));
      }
    }
  }
  for (const { element, place } of notes ? shapesOf(notes) : []) {
    if (place === 'body') add('paragraph', paragraphsOf(element));
  }
  const title = heading.length === 0 ? null : heading.join(' ');
  // Without a title of its own, the slide does not belong to the one before it.
  if (title === null)
    return { title, blocks: blocks.length === 0 ? [] : [{ kind: 'heading', level: 1, text: '' }, ...blocks] };
  // A title alone is what the slide says.
  if (blocks.length === 0) return { title, blocks: [{ kind: 'paragraph', text: title, page }] };
  return { title, blocks: [{ kind: 'heading', level: 1, text: title }, ...blocks] };
}

type Shape = {
  readonly element: XmlElement;
  /** The kind of its place in the layout; null: it stands freely. */
  readonly place: string | null;
  readonly index: string | undefined;
  /** Null: the slide does not position it. */
  readonly box: Box | null;
};
/** From the coordinates of a group to those of the slide. */
type Scale = { readonly x: number; readonly y: number; readonly dx: number; readonly dy: number };

/** Shapes with text and frames with tables, those in groups too, without hidden ones. */
function* shapesOf(part: XmlDocument): Generator<Shape> {
  const waiting: { node: XmlNode; scale: Scale }[] = [...part.children]
    .reverse()
    .map((node) => ({ node, scale: { x: 1, y: 1, dx: 0, dy: 0 } }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, scale } = next;
    if (!(node instanceof XmlElement)) continue;
    const name = localName(node);
    // Fallback repeats the choice for older programs.
    if (name === 'Fallback') continue;
    if (name === 'sp' || name === 'graphicFrame') {
      if (elementsNamed(node, 'cNvPr')[0]?.attributes.hidden === '1') continue;
      const place = elementsNamed(node, 'ph')[0];
      // A place without a type is one for content.
      const type = place === undefined ? null : (place.attributes.type ?? 'obj');
      if (type === null || !furniture.has(type)) {
        yield { element: node, place: type, index: place?.attributes.idx, box: boxOf(node, scale) };
      }
    } else {
      const inner = name === 'grpSp' ? scaleOf(node, scale) : scale;
      for (const child of [...node.children].reverse()) waiting.push({ node: child, scale: inner });
    }
  }
}

function boxOf(shape: XmlElement, scale: Scale): Box | null {
  const frame = frameOf(childNamed(shape, 'spPr') ?? shape);
  const [off, ext] = [frame && childNamed(frame, 'off'), frame && childNamed(frame, 'ext')];
  if (!off || !ext) return null;
  const left = numberOf(off, 'x') * scale.x + scale.dx;
  const top = numberOf(off, 'y') * scale.y + scale.dy;
  return { left, top, right: left + numberOf(ext, 'cx') * scale.x, bottom: top + numberOf(ext, 'cy') * scale.y };
}

function scaleOf(group: XmlElement, outer: Scale): Scale {
  const properties = childNamed(group, 'grpSpPr');
  const frame = properties && frameOf(properties);
  const [off, ext, from, size] = ['off', 'ext', 'chOff', 'chExt'].map((name) => frame && childNamed(frame, name));
  if (!off || !ext || !from || !size) return outer;
  const x = numberOf(ext, 'cx') / (numberOf(size, 'cx') || 1);
  const y = numberOf(ext, 'cy') / (numberOf(size, 'cy') || 1);
  return {
    x: outer.x * x,
    y: outer.y * y,
    dx: outer.dx + (numberOf(off, 'x') - numberOf(from, 'x') * x) * outer.x,
    dy: outer.dy + (numberOf(off, 'y') - numberOf(from, 'y') * y) * outer.y,
  };
}

const frameOf = (properties: XmlElement): XmlElement | null => childNamed(properties, 'xfrm');
const numberOf = ({ attributes }: XmlElement, name: string): number => Number(attributes[name] ?? 0) || 0;

function linesOf(table: XmlElement): readonly string[] {
  const rows = outermostNamed(table, 'tr');
  const isNamed = /^(1|true)$/.test(elementsNamed(table, 'tblPr')[0]?.attributes.firstRow ?? '') && rows.length > 1;
  return tableLines(
    rows.map((row, at) => ({
      isHead: isNamed && at === 0,
      // A cell that is merged into another holds nothing that is shown.
      cells: outermostNamed(row, 'tc')
        .filter(({ attributes }) => attributes.hMerge !== '1' && attributes.vMerge !== '1')
        .map((cell) => ({
          text: paragraphsOf(cell).join(' ').replaceAll('\n', ' '),
          isHeading: false,
          isBold: false,
          columns: Number(cell.attributes.gridSpan ?? 1) || 1,
          rows: Number(cell.attributes.rowSpan ?? 1) || 1,
        })),
    })),
  );
}
