/** Equations of Office (OMML) as a line of text: fractions, exponents, roots and sums as they are typed. */
import { XmlElement } from '@rgrove/parse-xml';
import { subscript, superscript } from '../html/inline.ts';
import { childNamed, childrenNamed, localName, valOf } from '../xml-elements.ts';

export function equationText(element: XmlElement): string {
  const part = (name: string) => {
    const found = childNamed(element, name);
    return found === null ? '' : inner(found);
  };
  const property = (name: string) => {
    const properties = childNamed(element, `${localName(element)}Pr`);
    return properties && valOf(childNamed(properties, name));
  };
  switch (localName(element)) {
    case 't':
      return element.text;
    case 'f':
      return `${grouped(part('num'))}/${grouped(part('den'))}`;
    case 'sSup':
      return part('e') + superscript(part('sup'));
    case 'sSub':
      return part('e') + lowered(part('sub'));
    case 'sSubSup':
      return part('e') + lowered(part('sub')) + superscript(part('sup'));
    case 'sPre':
      return superscript(part('sup')) + lowered(part('sub')) + part('e');
    case 'rad':
      return `${superscript(part('deg'))}√${grouped(part('e'))}`;
    case 'nary': {
      const [sub, sup] = [part('sub'), part('sup')];
      return `${property('chr') ?? '∫'}${sub && `_(${sub})`}${sup && `^(${sup})`} ${part('e')}`;
    }
    case 'd': {
      const separator = property('sepChr') ?? ', ';
      return `${property('begChr') ?? '('}${childrenNamed(element, 'e').map(inner).join(separator)}${property('endChr') ?? ')'}`;
    }
    case 'func':
      return `${part('fName')} ${part('e')}`;
    case 'm':
    case 'eqArr':
      return childrenNamed(element, localName(element) === 'm' ? 'mr' : 'e')
        .map((row) => (localName(row) === 'mr' ? childrenNamed(row, 'e').map(inner).join(', ') : inner(row)))
        .join('; ');
    default:
      return /Pr$/.test(localName(element)) ? '' : inner(element);
  }
}

function inner(element: XmlElement): string {
  let text = '';
  for (const child of element.children) if (child instanceof XmlElement) text += equationText(child);
  return text;
}

const grouped = (text: string): string =>
  [...text].length > 1 && !/^[\d.]+$|^\(.*\)$/.test(text) ? `(${text})` : text;
const lowered = (text: string): string => {
  const signs = subscript(text);
  return signs === text && text !== '' ? `_${grouped(text)}` : signs;
};
