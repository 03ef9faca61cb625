/** Turns the elements of a page into blocks. */
import type { AnyNode, Element } from 'domhandler';
import type { Block, Paragraph } from '../../text/block.ts';
import { foldPre, foldSpace, hardBreak } from '../../text/fold-space.ts';
import type { LeftOutCounter } from '../../text/left-out.ts';
import { type TableCell, type TableRow, tableLines } from '../table-lines.ts';
import { isBlock, isBold, isNumerator, isRaisedInMath, spanOf } from './elements.ts';
import { isContentRegion, omissionOf } from './furniture.ts';
import { alternativeText, subscript, superscript } from './inline.ts';
import { createLists, isLocalLink } from './lists.ts';
import type { TabLabels } from './tabs.ts';
import { walk } from './walk.ts';

const endsRow = new Set('ul ol dl table h1 h2 h3 h4 h5 h6 pre blockquote'.split(' '));
const lists = new Set(['ul', 'ol', 'dl', 'menu']);
const admonition = /(^|\s)(note|tip|warning|caution|important|admonition)(\s|$)/;

/** Of MDX: what they are called stands in an attribute. */
const components = /^(?:admonition|accordion|callout|card|step|expandable|collapsible|faq|faqitem)$/;

type OpenTable = { readonly rows: TableRow[]; headDepth: number };
type OpenRow = { cells: TableCell[]; isHead: boolean };

export type PageContext = {
  readonly leftOut: LeftOutCounter;
  readonly tabs: TabLabels;
  readonly controlled: ReadonlySet<string>;
  /** Whether the root stands within the page's content. */
  readonly withinContent: boolean;
  /** Not read: it is read on its own. */
  readonly except?: AnyNode | undefined;
};

export function collectBlocks(root: AnyNode | undefined, context: PageContext): readonly Block[] {
  const blocks: Block[] = [];
  const openLists = createLists(blocks);
  const openTables: OpenTable[] = [];
  let buffer = '';
  /** Null outside of rows and in rows that hold more than lines of text. */
  let row: OpenRow | null = null;
  /** A term, a question or "Note" that waits for the paragraph it introduces. */
  let lead = '';
  let preDepth = 0;
  let contentDepth = context.withinContent ? 1 : 0;
  /** Where in the buffer raised and lowered text begins. */
  const scripts: number[] = [];
  /** Headings of panels: what follows a panel stands under the heading from before it again. */
  const panels: { readonly element: Element; readonly before: Block | undefined }[] = [];
  let restored: Block | undefined;

  function emit(text: string, kind: Paragraph['kind']): void {
    if (text === '') return;
    if (restored !== undefined) blocks.push(restored);
    restored = undefined;
    const list = openLists.innermost();
    const introduced = lead === '' ? text : `${lead}${kind === 'pre' ? '\n' : ' '}${text}`;
    lead = '';
    blocks.push({
      kind: kind === 'paragraph' && list ? 'item' : kind,
      text: openLists.takeNumber() + introduced,
      page: null,
    });
  }

  function flush(): void {
    const text = buffer;
    buffer = '';
    if (preDepth > 0) emit(foldPre(text), 'pre');
    else emit(foldSpace(text), 'paragraph');
  }

  function introduce(text: string): void {
    if (text === '') return;
    const ended = /[：.。、,，?？!！]$/.test(text) ? text : text.replace(/(?<!:):*$/, ':');
    lead = lead === '' ? ended : `${lead.replace(/:$/, ',')} ${ended}`;
  }

  function giveUpLead(): void {
    const text = lead.replace(/:$/, '');
    lead = '';
    emit(text, 'item');
  }

  function heading(level: number, text: string): void {
    giveUpLead();
    restored = undefined;
    if (text !== '') blocks.push({ kind: 'heading', level, text: openLists.takeNumber() + text });
  }

  function emitTable(): void {
    const table = openTables.at(-1);
    if (!table) return;
    for (const line of tableLines(table.rows.splice(0))) emit(line, 'item');
  }

  /** A row that turns out to hold lists or tables is layout: its cells are read as blocks. */
  function giveUpRow(): void {
    const cells = row?.cells ?? [];
    row = null;
    emitTable();
    for (const { text } of cells) emit(text, 'paragraph');
  }

  function enter(element: Element): boolean {
    if (element === context.except) return false;
    const { controlled } = context;
    const omission = element === root ? null : omissionOf(element, { controlled, withinContent: contentDepth > 0 });
    if (omission !== null) {
      if (omission !== 'silent') context.leftOut.add(omission);
      return false;
    }
    if (context.tabs.isTab(element)) return false;
    if (isContentRegion(element)) contentDepth++;
    open(element);
    return true;
  }

  function open(element: Element): void {
    const { name, attribs } = element;
    if (name === 'br') buffer += preDepth > 0 ? '\n' : row ? ' ' : hardBreak;
    else if (name === 'img') buffer += spaced(alternativeText(element));
    else if (name === 'sup' || name === 'sub' || isRaisedInMath(element)) scripts.push(buffer.length);
    else if (name === 'msqrt') buffer += '√(';
    else if (isLocalLink(element)) openLists.enterLink(element);
    const label = context.tabs.labelOf(element);
    if (label !== null) openPanel(element, label);
    if (components.test(name)) {
      if (!row) flush();
      introduce(foldSpace(attribs.title ?? attribs.question ?? ''));
    }
    if (!isBlock(element)) return;
    const table = openTables.at(-1);
    if (row && endsRow.has(name)) {
      // A list in a cell of a table that has headers is part of the cell's text.
      const isCellText = name !== 'table' && table?.rows[0] !== undefined && isHeaderRow(table.rows[0]);
      if (!isCellText) giveUpRow();
    }
    if (row) buffer = name === 'li' ? besideItems(buffer) : `${buffer} `;
    else flush();
    if (name === 'pre') preDepth++;
    if (lists.has(name)) openLists.open(element);
    if (name === 'li' || name === 'dt') {
      const number = openLists.openItem(element);
      if (row) buffer += number;
      else openLists.await(number);
    }
    if (name === 'table') openTables.push({ rows: [], headDepth: 0 });
    if (name === 'thead' && table) table.headDepth++;
    if (name === 'tr') row = { cells: [], isHead: (openTables.at(-1)?.headDepth ?? 0) > 0 };
    if (row && (name === 'td' || name === 'th')) buffer = '';
  }

  function openPanel(element: Element, label: string): void {
    if (!row) flush();
    giveUpLead();
    const before = restored ?? blocks.findLast((block) => block.kind === 'heading');
    const level = before?.kind === 'heading' ? before.level + 1 : 2;
    panels.push({ element, before });
    heading(level, label);
  }

  function close(element: Element): void {
    const { name } = element;
    if (isContentRegion(element)) contentDepth--;
    if (name === 'sup' || name === 'sub' || isRaisedInMath(element)) closeScript(name);
    else if (isLocalLink(element)) openLists.leaveLink();
    else if (name === 'msqrt') buffer += ')';
    if (isNumerator(element)) buffer += '/';
    if (isBlock(element)) {
      if (row) closeInRow(element);
      else closeBlock(element);
    }
    if (components.test(name) && !row) {
      flush();
      giveUpLead();
    }
    if (panels.at(-1)?.element === element) {
      if (!row) flush();
      giveUpLead();
      restored = panels.pop()?.before;
    }
  }

  function closeBlock(element: Element): void {
    const { name, attribs } = element;
    const level = /^h([1-6])$/.exec(name)?.[1];
    const isAdmonished =
      'attribs' in (element.parent ?? {}) && admonition.test((element.parent as Element).attribs.class ?? '');
    const isTitle = attribs.class?.includes('admonition-title') || (level !== undefined && isAdmonished);
    if (name === 'dt' || name === 'summary' || name === 'button' || isTitle) {
      introduce(foldSpace(buffer));
      buffer = '';
    } else if (level !== undefined) {
      const text = foldSpace(buffer);
      buffer = '';
      heading(Number(level), text);
    } else flush();
    if (name === 'pre') preDepth--;
    if (name === 'dl' || name === 'details' || admonition.test(attribs.class ?? '')) giveUpLead();
    if (lists.has(name)) closeList(element);
    const table = openTables.at(-1);
    if (name === 'thead' && table) table.headDepth--;
    if (name === 'table') {
      emitTable();
      openTables.pop();
      giveUpLead();
    }
  }

  function closeList(element: Element): void {
    if (openLists.close(element, { withinContent: contentDepth > 0 })) context.leftOut.add('page furniture');
  }

  function closeInRow(element: Element): void {
    const { name, attribs } = element;
    if (!row) return;
    if (name === 'td' || name === 'th') {
      row.cells.push({
        text: foldSpace(buffer).replaceAll('\n', ' '),
        isHeading: name === 'th',
        isBold: isBold(element),
        columns: spanOf(attribs.colspan),
        rows: spanOf(attribs.rowspan),
      });
      buffer = '';
    } else if (name === 'tr') {
      openTables.at(-1)?.rows.push(row);
      row = null;
      buffer = '';
    } else {
      if (lists.has(name)) closeList(element);
      buffer += ' ';
    }
  }

  function closeScript(name: string): void {
    const at = Math.min(scripts.pop() ?? buffer.length, buffer.length);
    const text = buffer.slice(at);
    // A longer text is no exponent, and nested ones would be copied again and again.
    if (text.length > 40) return;
    buffer = buffer.slice(0, at) + (name === 'sub' ? subscript(text) : superscript(text));
  }

  function text(data: string): void {
    buffer += preDepth > 0 ? data : data.replace(/[¶↩]\ufe0e?/g, '');
    openLists.count(data.trim().length);
  }

  if (root) walk(root, { enter, close, text });
  flush();
  emitTable();
  giveUpLead();
  return blocks;
}

/** Items of a list in a cell stand on one line. */
function besideItems(buffer: string): string {
  const before = buffer.trimEnd();
  return before === '' ? '' : `${before}${/[.。:：;；]$/.test(before) ? ' ' : '; '}`;
}

function isHeaderRow({ cells, isHead }: TableRow): boolean {
  return cells.length > 1 && (isHead || cells.every((cell) => cell.isHeading || cell.text === ''));
}

const spaced = (text: string): string => (text === '' ? '' : ` ${text} `);
