/** Text of one paragraph of a Word document → HTML: what is shown, without what is hidden, deleted or struck out. */
import { XmlElement } from '@rgrove/parse-xml';
import type { LeftOutCounter } from '../../../text/left-out.ts';
import { childNamed, childrenNamed, elementsNamed, localName, outermostNamed, valOf } from '../../xml-elements.ts';
import { paragraphsOf } from '../drawn-text.ts';
import { equationText } from '../equations.ts';
import { attribute, isOn, type WordStyle } from './styles.ts';

export type RunContext = {
  readonly styles: ReadonlyMap<string, WordStyle>;
  readonly leftOut: LeftOutCounter;
  /** A footnote or an endnote that the text refers to. */
  readonly note: (kind: 'footnote' | 'endnote', id: string) => void;
  /** A text box that stands in the paragraph. */
  readonly box: (content: XmlElement) => void;
  /** Paragraphs of the diagram (SmartArt) with that relation. */
  readonly diagram: (relation: string) => readonly string[];
};

/** Symbols of Wingdings, by the last byte of their code. */
const wingdings: Readonly<Record<string, string>> = {
  A7: '▪',
  A8: '☐',
  B7: '•',
  D8: '➢',
  E0: '→',
  DF: '←',
  E1: '↑',
  E2: '↓',
  FB: '✗',
  FC: '✓',
  FD: '☒',
  FE: '☑',
  '6C': '●',
  '6E': '■',
  '76': '❖',
};
const deleted = new Set(['del', 'moveFrom']);
const ignored = new Set([
  'pPr',
  'rPr',
  'instrText',
  'delText',
  'sdtPr',
  'sdtEndPr',
  'rt',
  'rubyPr',
  'fldData',
  'proofErr',
  'bookmarkStart',
]);

/** @param fields false: numbers of pages are left out, as in headers and footers */
export function paragraphHtml(paragraph: XmlElement, style: WordStyle | undefined, context: RunContext): string {
  let html = '';
  /** Complex fields that are open: what they compute, and whether their result has begun. */
  const fields: { code: string; isResult: boolean; form: XmlElement | null }[] = [];
  visit(paragraph);
  return html;

  function visit(element: XmlElement): void {
    for (const child of element.children) if (child instanceof XmlElement) visitOne(child);
  }

  function visitOne(element: XmlElement): void {
    const name = localName(element);
    if (deleted.has(name)) {
      if (outermostNamed(element, 'r').length > 0) context.leftOut.add('deleted text');
    } else if (name === 'oMath' || name === 'oMathPara') html += ` ${escaped(equationText(element))} `;
    else if (name === 'r') run(element);
    else if (name === 'fldSimple') {
      if (!isPageNumber(attribute(element, 'instr') ?? '')) visit(element);
    } else if (name === 'AlternateContent') {
      const chosen = childNamed(element, 'Choice') ?? childNamed(element, 'Fallback');
      if (chosen) visit(chosen);
    } else if (!ignored.has(name)) visit(element);
  }

  function run(element: XmlElement): void {
    const own = childNamed(element, 'rPr');
    const character = context.styles.get(valOf(own && childNamed(own, 'rStyle')) ?? '');
    const properties = [own, ...(character?.run ?? [])];
    const inherited = [...properties, ...(style?.run ?? [])];
    const shows = element.children.some(
      (child) => child instanceof XmlElement && /^(?:t|tab|sym)$/.test(localName(child)),
    );
    if (isOn('vanish', inherited)) {
      if (shows) context.leftOut.add('hidden parts');
      return;
    }
    if (isOn('strike', inherited) || isOn('dstrike', inherited)) {
      if (shows) context.leftOut.add('deleted text');
      return;
    }
    const raised = properties.map((each) => each && valOf(childNamed(each, 'vertAlign'))).find((each) => each !== null);
    const tag = raised === 'superscript' ? 'sup' : raised === 'subscript' ? 'sub' : isOn('b', inherited) ? 'b' : '';
    const before = html;
    html = '';
    for (const child of element.children) if (child instanceof XmlElement) piece(child);
    html = before + (tag === '' || html === '' ? html : `<${tag}>${html}</${tag}>`);
  }

  function piece(element: XmlElement): void {
    const name = localName(element);
    if (name === 'fldChar') field(element);
    else if (name === 'instrText') {
      const open = fields.at(-1);
      if (open) open.code += element.text;
    } else if (fields.some(({ code, isResult }) => !isResult || isPageNumber(code))) return;
    else if (name === 't') html += escaped(element.text);
    else if (name === 'tab' || name === 'ptab') html += ' ';
    else if (name === 'br' || name === 'cr') html += attribute(element, 'type') === undefined ? '<br>' : ' ';
    else if (name === 'noBreakHyphen') html += '-';
    else if (name === 'sym') html += symbol(element);
    else if (name === 'ruby') {
      const base = childNamed(element, 'rubyBase');
      if (base) visit(base);
    } else if (name === 'footnoteReference') context.note('footnote', attribute(element, 'id') ?? '');
    else if (name === 'endnoteReference') context.note('endnote', attribute(element, 'id') ?? '');
    else if (name === 'AlternateContent') {
      const chosen = childNamed(element, 'Choice') ?? childNamed(element, 'Fallback');
      if (chosen) for (const child of chosen.children) if (child instanceof XmlElement) piece(child);
    } else if (name === 'drawing' || name === 'pict' || name === 'object') drawing(element);
    else if (name === 'oMath') visitOne(element);
  }

  function drawing(element: XmlElement): void {
    for (const content of outermostNamed(element, 'txbxContent')) context.box(content);
    for (const { attributes } of elementsNamed(element, 'docPr')) {
      if (attributes.descr) html += ` <img alt="${escaped(attributes.descr)}"> `;
    }
    for (const { attributes } of elementsNamed(element, 'relIds')) {
      for (const text of context.diagram(attributes['r:dm'] ?? '')) html += `<br>${escaped(text)}`;
    }
    // Text in drawn shapes that is no text box of Word's.
    for (const body of outermostNamed(element, 'txBody'))
      html += paragraphsOf(body)
        .map((text) => `<br>${escaped(text)}`)
        .join('');
  }

  function field(element: XmlElement): void {
    const type = attribute(element, 'fldCharType');
    if (type === 'begin') fields.push({ code: '', isResult: false, form: childNamed(element, 'ffData') });
    else if (type === 'separate') {
      const open = fields.at(-1);
      if (open) open.isResult = true;
    } else if (type === 'end') {
      const form = fields.pop()?.form;
      if (form) html += formValue(form);
    }
  }
}

/** Of check boxes and lists; what was typed into a text field is text of the paragraph. */
function formValue(form: XmlElement): string {
  const box = childNamed(form, 'checkBox');
  if (box) {
    const state = childNamed(box, 'checked') ?? childNamed(box, 'default');
    return state && !/^(?:0|false)$/.test(valOf(state) ?? '') ? '☒' : '☐';
  }
  const list = childNamed(form, 'ddList');
  if (list === null) return '';
  const entries = childrenNamed(list, 'listEntry').map((entry) => valOf(entry) ?? '');
  return escaped(entries[Number(valOf(childNamed(list, 'result')) ?? 0)] ?? '');
}

const isPageNumber = (code: string): boolean => /^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b/i.test(code);

function symbol(element: XmlElement): string {
  const code = attribute(element, 'char')?.toUpperCase() ?? '';
  if (/wingdings/i.test(attribute(element, 'font') ?? '')) return wingdings[code.slice(-2)] ?? '';
  const point = Number.parseInt(code, 16);
  return Number.isFinite(point) && point < 0xe000 ? escaped(String.fromCodePoint(point)) : '';
}

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
