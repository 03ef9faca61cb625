/** Finds XML elements by local name. */
import { type XmlDocument, XmlElement } from '@rgrove/parse-xml';

/** In document order, at any depth. No recursion: documents nest without limit. */
export function elementsNamed(within: XmlDocument | XmlElement, name: string): readonly XmlElement[] {
  return find(within, name, { nested: true });
}

/** The same without elements nested in one of that name, whose text is part of the outer one's. */
export function outermostNamed(within: XmlDocument | XmlElement, name: string): readonly XmlElement[] {
  return find(within, name, { nested: false });
}

function find(within: XmlDocument | XmlElement, name: string, { nested }: { nested: boolean }): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const waiting = [...within.children].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!(node instanceof XmlElement)) continue;
    if (localName(node) === name) {
      found.push(node);
      if (!nested) continue;
    }
    for (const child of [...node.children].reverse()) waiting.push(child);
  }
  return found;
}

export function childNamed(of: XmlElement, name: string): XmlElement | null {
  for (const child of of.children) if (child instanceof XmlElement && localName(child) === name) return child;
  return null;
}

export function childrenNamed(of: XmlElement, name: string): readonly XmlElement[] {
  return of.children.filter((child) => child instanceof XmlElement && localName(child) === name) as XmlElement[];
}

/** The attribute `val`, which holds the value of most elements of Office; null where it is absent. */
export function valOf(element: XmlElement | null): string | null {
  if (element === null) return null;
  for (const [name, value] of Object.entries(element.attributes)) if (name.replace(/^.*:/, '') === 'val') return value;
  return null;
}

/** The text of the first child of that name; null where there is none. */
export function childText(of: XmlElement, name: string, prefix?: string): string | null {
  for (const child of of.children) {
    if (!(child instanceof XmlElement) || localName(child) !== name) continue;
    if (prefix === undefined || child.name === `${prefix}:${name}`) return child.text;
  }
  return null;
}

/** A name without its prefix. */
export function localName({ name }: { readonly name: string }): string {
  return name.slice(name.indexOf(':') + 1);
}
