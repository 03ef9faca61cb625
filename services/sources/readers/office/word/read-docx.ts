/** Word documents (.docx) → blocks, by way of HTML, so that headings, lists and tables are read like those of a page. */
import { XmlElement } from '@rgrove/parse-xml';
import { SourceError } from '../../../source-error.ts';
import type { Extracted } from '../../../text/block.ts';
import { createLeftOutCounter } from '../../../text/left-out.ts';
import { readHtml } from '../../html/read-html.ts';
import { childNamed, elementsNamed, localName, outermostNamed, valOf } from '../../xml-elements.ts';
import { paragraphsOf } from '../drawn-text.ts';
import { type OfficePackage, openPackage } from '../open-package.ts';
import { parsePart } from '../xml-parts.ts';
import { readNumbering } from './numbering.ts';
import { escaped, paragraphHtml } from './runs.ts';
import { attribute, headingLevel, isContentsEntry, readStyles } from './styles.ts';
import { tableHtml } from './table.ts';

const kind = { name: 'a Word document', type: 'wordprocessingml', extension: '.docx' };

/** @throws {SourceError} */
export async function readDocx(bytes: Uint8Array): Promise<Extracted> {
  const document = await openPackage(bytes, kind);
  const leftOut = createLeftOutCounter();
  const html = documentHtml(document, leftOut);
  const { title: _, leftOut: inHtml, blocks } = readHtml(`<main>${html}</main>`);
  leftOut.addAll(inHtml);
  const first = blocks.find((block) => block.kind === 'heading');
  return { title: first?.level === 1 ? first.text : null, blocks, ...leftOut.report() };
}

function documentHtml(
  { main, part, relations }: OfficePackage,
  leftOut: ReturnType<typeof createLeftOutCounter>,
): string {
  const leads = relations(main);
  const optional = (wanted: string) => {
    const target = leads.find((each) => each.kind === wanted)?.target;
    return target === undefined ? null : part(target);
  };
  const styles = readStyles(optional('styles'));
  const numbering = readNumbering(optional('numbering'), styles);
  const notes = { footnote: notesOf(optional('footnotes')), endnote: notesOf(optional('endnotes')) };
  const usual = [...styles.values()].find(({ name }) => /^normal$|^標準$/i.test(name));
  const seen = new Set<string>();
  /** Stand after the paragraph or the table that they belong to. */
  let waiting: XmlElement[] = [];
  let endnotes: XmlElement[] = [];

  const context = {
    styles,
    leftOut,
    note(which: 'footnote' | 'endnote', id: string) {
      const note = notes[which].get(id);
      if (note === undefined || seen.has(`${which} ${id}`)) return;
      seen.add(`${which} ${id}`);
      (which === 'footnote' ? waiting : endnotes).push(note);
    },
    box: (content: XmlElement) => void waiting.push(content),
    diagram(relation: string) {
      const target = leads.find(({ id }) => id === relation)?.target;
      return target === undefined ? [] : outermostNamed(parsePart(part(target)), 'pt').flatMap(paragraphsOf);
    },
  };

  function blockHtml(of: XmlElement): string {
    let html = '';
    for (const child of of.children) {
      if (!(child instanceof XmlElement)) continue;
      const name = localName(child);
      if (name === 'p') html += paragraph(child);
      else if (name === 'tbl') html += tableHtml(child, cellHtml, leftOut);
      else if (name === 'del' || name === 'moveFrom') leftOut.add('deleted text');
      else if (name === 'altChunk') leftOut.add('unread parts');
      else if (name === 'AlternateContent') {
        const chosen = childNamed(child, 'Choice') ?? childNamed(child, 'Fallback');
        if (chosen) html += blockHtml(chosen);
      } else if (name === 'oMathPara' || name === 'oMath') html += `<p>${paragraphHtml(child, undefined, context)}</p>`;
      else if (!/Pr$/.test(name)) html += blockHtml(child);
    }
    return html;
  }

  function paragraph(element: XmlElement): string {
    const own = childNamed(element, 'pPr');
    const style = styles.get(valOf(own && childNamed(own, 'pStyle')) ?? '') ?? usual;
    const text = paragraphHtml(element, style, context);
    const isEmpty = text.replace(/<(?!img)[^>]*>/g, '').trim() === '';
    const number = isEmpty ? null : numbering.next(own, style);
    const level = headingLevel(own, style);
    let html = '';
    if (isEmpty) html = '';
    else if (isContentsEntry(style)) leftOut.add('table of contents');
    else if (level !== null) html = `<h${level}>${escaped(number ?? '')}${text}</h${level}>`;
    else if (number !== null) html = `<ul><li>${escaped(number)}${text}</li></ul>`;
    else html = `<p>${text}</p>`;
    return html + takeWaiting();
  }

  /** The text of a cell: its lists and paragraphs on lines of their own, its boxes and notes with it. */
  function cellHtml(cell: XmlElement): string {
    const outer = waiting;
    waiting = [];
    const html = blockHtml(cell);
    waiting = outer;
    return html;
  }

  function takeWaiting(): string {
    const taken = waiting;
    waiting = [];
    return taken.map(blockHtml).join('');
  }

  const body = childNamed(rootOf(part(main)), 'body');
  if (body === null) throw new SourceError('is not a complete Word document: it is damaged');
  const text = blockHtml(body) + takeWaiting();
  const atEnd = endnotes;
  endnotes = [];
  return headersAndFooters() + text + atEnd.map(blockHtml).join('');

  /** Each text once: they repeat from section to section. Numbers of pages are no text. */
  function headersAndFooters(): string {
    const shown = new Set<string>();
    let html = '';
    for (const { target } of leads.filter((each) => each.kind === 'header' || each.kind === 'footer')) {
      for (const line of blockHtml(rootOf(part(target))).split(/(?<=<\/p>|<\/table>|<\/ul>|<\/h\d>)/)) {
        const plain = line.replace(/<[^>]*>/g, '').trim();
        if (shown.has(plain)) continue;
        shown.add(plain);
        if (/\p{L}.*\p{L}|\d{3}/u.test(plain) && !/^(?:page|ページ|of|\d|[-–/\s])+$/i.test(plain)) {
          html += line.replace(/<(\/?)h\d>/g, '<$1p>');
        } else if (plain !== '') leftOut.add('page furniture');
      }
    }
    return html;
  }
}

function rootOf(bytes: Uint8Array): XmlElement {
  const { root } = parsePart(bytes);
  if (root === null) throw new SourceError('is not a complete Word document: it is damaged');
  return root;
}

/** By their ids, without the lines that separate notes from the text. */
function notesOf(bytes: Uint8Array | null): ReadonlyMap<string, XmlElement> {
  if (bytes === null) return new Map();
  const root = rootOf(bytes);
  return new Map(
    [...elementsNamed(root, 'footnote'), ...elementsNamed(root, 'endnote')]
      .filter((each) => !/separator/i.test(attribute(each, 'type') ?? ''))
      .map((each) => [attribute(each, 'id') ?? '', each]),
  );
}
