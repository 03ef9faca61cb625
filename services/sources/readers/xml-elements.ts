/** Finds elements of an XML document by their name without its prefix. */
import { type XmlDocument, XmlElement } from '@rgrove/parse-xml';

/** In the order of the document, at any depth. No recursion: documents nest as deep as their writers let them. */
export function elementsNamed(within: XmlDocument | XmlElement, name: string): readonly XmlElement[] {
  return find(within, name, { nested: true });
}

/** The same without those that stand in one of that name: what they hold is a part of what it holds. */
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
