/** Styles of a Word document: which paragraphs are headings or entries of a table of contents, which text is hidden or struck out. */
import type { XmlElement } from '@rgrove/parse-xml';
import { childNamed, elementsNamed, valOf } from '../../xml-elements.ts';
import { parsePart } from '../xml-parts.ts';

export type WordStyle = {
  readonly name: string;
  /** Its own and those that it is based on, nearest first. */
  readonly paragraph: readonly XmlElement[];
  readonly run: readonly XmlElement[];
};

/** By the style's id. @param styles the part; null: the document has none */
export function readStyles(styles: Uint8Array | null): ReadonlyMap<string, WordStyle> {
  const elements = new Map<string, XmlElement>();
  for (const style of styles === null ? [] : elementsNamed(parsePart(styles), 'style')) {
    const id = attribute(style, 'styleId');
    if (id !== undefined) elements.set(id, style);
  }
  return new Map(
    [...elements].map(([id, style]) => {
      const chain = chainOf(style, elements);
      const name = valOf(childNamed(style, 'name')) ?? id;
      const all = (wanted: string) => chain.map((each) => childNamed(each, wanted)).filter((each) => each !== null);
      return [id, { name: headingName(chain) ?? name, paragraph: all('pPr'), run: all('rPr') }];
    }),
  );
}

function chainOf(style: XmlElement, elements: ReadonlyMap<string, XmlElement>): readonly XmlElement[] {
  const chain: XmlElement[] = [];
  for (let next: XmlElement | undefined = style; next !== undefined && !chain.includes(next); ) {
    chain.push(next);
    next = elements.get(valOf(childNamed(next, 'basedOn')) ?? '');
  }
  return chain;
}

/** A style that is based on a heading is one, whatever it is called. */
function headingName(chain: readonly XmlElement[]): string | undefined {
  return chain
    .map((each) => valOf(childNamed(each, 'name')) ?? '')
    .find((name) => /^(?:heading|見出し)\s*\d$|^(?:sub)?title$/i.test(name));
}

/** @param own the paragraph's own properties @returns from 1; null: it is no heading */
export function headingLevel(own: XmlElement | null, style: WordStyle | undefined): number | null {
  for (const properties of [own, ...(style?.paragraph ?? [])]) {
    const outline = properties && valOf(childNamed(properties, 'outlineLvl'));
    if (outline === null || outline === undefined) continue;
    const level = Number(outline);
    return level >= 0 && level < 9 ? Math.min(level + 1, 6) : null;
  }
  const name = style?.name ?? '';
  const level = /^(?:heading|見出し)\s*(\d)$/i.exec(name)?.[1];
  if (level !== undefined) return Math.min(Number(level), 6);
  return /^title$/i.test(name) ? 1 : /^subtitle$/i.test(name) ? 2 : null;
}

export const isContentsEntry = (style: WordStyle | undefined): boolean =>
  /^(?:toc|目次)\s*\d$/i.test(style?.name ?? '');

/** Whether a switch such as `w:vanish` is on, by the run, else by its style, else by that of its paragraph. */
export function isOn(name: string, properties: readonly (XmlElement | null)[]): boolean {
  for (const each of properties) {
    const element = each && childNamed(each, name);
    if (element) return !/^(?:0|false|off)$/.test(valOf(element) ?? '');
  }
  return false;
}

export function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes[`w:${name}`] ?? element.attributes[name];
}
