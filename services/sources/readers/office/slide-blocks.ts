/** One slide → blocks: its title as heading, its text in reading order, its tables row by row, what the speaker says to it. */
import { type XmlDocument, XmlElement, type XmlNode } from '@rgrove/parse-xml';
import type { Block, Paragraph } from '../../text/block.ts';
import { rowText } from '../table-row.ts';
import { elementsNamed, localName, outermostNamed } from '../xml-elements.ts';
import { paragraphsOf } from './drawn-text.ts';

export type SlideParts = {
  readonly slide: XmlDocument;
  /** The data of the diagrams (SmartArt) on it, by the id of their relation. */
  readonly diagrams: ReadonlyMap<string, XmlDocument>;
  /** Null: the speaker has none. */
  readonly notes: XmlDocument | null;
};

export type SlideText = { readonly title: string | null; readonly blocks: readonly Block[] };

/** Places for what stands on every slide. */
const furniture = new Set(['dt', 'ftr', 'hdr', 'sldNum', 'sldImg']);
const titles = new Set(['title', 'ctrTitle']);

/** @param page the number of the slide, from 1 */
export function slideText({ slide, diagrams, notes }: SlideParts, page: number): SlideText {
  const heading: string[] = [];
  const blocks: Paragraph[] = [];
  /** Each is drawn once, however often the slide names it. */
  const undrawn = new Map(diagrams);
  const add = (kind: Paragraph['kind'], texts: readonly string[]) => {
    for (const text of texts) if (text !== '') blocks.push({ kind, text, page });
  };
  for (const { element, place } of shapesOf(slide)) {
    if (place !== null && titles.has(place)) heading.push(...paragraphsOf(element));
    else if (localName(element) === 'sp') {
      // What stands in a place of the layout is a list in nearly all slides; what stands freely is a remark.
      add(place === null || place === 'subTitle' ? 'paragraph' : 'item', paragraphsOf(element));
    } else {
      for (const table of outermostNamed(element, 'tbl')) add('item', tableLines(table));
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
  if (title === null) return { title, blocks };
  // A title alone is what the slide says.
  if (blocks.length === 0) return { title, blocks: [{ kind: 'paragraph', text: title, page }] };
  return { title, blocks: [{ kind: 'heading', level: 1, text: title }, ...blocks] };
}

type Shape = {
  readonly element: XmlElement /** Of the layout; null: it stands freely. */;
  readonly place: string | null;
};

/** Shapes with text and frames with tables, those in groups too. Hidden ones are left out. */
function* shapesOf(part: XmlDocument): Generator<Shape> {
  const waiting: XmlNode[] = [...part.children].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!(node instanceof XmlElement)) continue;
    const name = localName(node);
    // The same again, for older programs.
    if (name === 'Fallback') continue;
    if (name === 'sp' || name === 'graphicFrame') {
      if (elementsNamed(node, 'cNvPr')[0]?.attributes.hidden === '1') continue;
      const place = elementsNamed(node, 'ph')[0];
      // A place without a type is one for content.
      const type = place === undefined ? null : (place.attributes.type ?? 'obj');
      if (type === null || !furniture.has(type)) yield { element: node, place: type };
    } else waiting.push(...[...node.children].reverse());
  }
}

function tableLines(table: XmlElement): readonly string[] {
  const rows = outermostNamed(table, 'tr').map((row) => outermostNamed(row, 'tc').map(cellText));
  const isNamed = /^(1|true)$/.test(elementsNamed(table, 'tblPr')[0]?.attributes.firstRow ?? '') && rows.length > 1;
  const headers = isNamed ? (rows[0] ?? null) : null;
  return rows.slice(isNamed ? 1 : 0).map((cells) => rowText(cells, headers));
}

/** A cell that is merged into another holds what nobody sees. */
function cellText(cell: XmlElement): string {
  const { hMerge, vMerge } = cell.attributes;
  return hMerge === '1' || vMerge === '1' ? '' : paragraphsOf(cell).join(' ').replaceAll('\n', ' ');
}
