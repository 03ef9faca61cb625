/** Walks a page's elements → blocks. No recursion: pages nest thousands deep. */
import type { AnyNode, Element } from 'domhandler';
import type { Block, Paragraph } from '../../text/block.ts';
import { foldPre, foldSpace, hardBreak } from '../../text/fold-space.ts';
import { rowText } from '../table-row.ts';
import { isChrome } from './html-chrome.ts';

const blockTags = new Set(
  `address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2
  h3 h4 h5 h6 header hr legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul`.split(/\s+/),
);
const endsRow = new Set('ul ol dl table h1 h2 h3 h4 h5 h6 pre blockquote'.split(' '));
const lists = new Set(['ul', 'ol', 'dl', 'menu']);
const admonition = /(^|\s)(note|tip|warning|caution|important|admonition)(\s|$)/;

type OpenList = { readonly firstBlock: number; items: number; characters: number; linked: number };
type OpenTable = { headers: readonly string[] | null; rows: number };

export function collectBlocks(root: AnyNode | undefined): readonly Block[] {
  const blocks: Block[] = [];
  const openLists: OpenList[] = [];
  const openTables: OpenTable[] = [];
  let buffer = '';
  /** Cells of the row being read; null outside of rows and in rows that hold more than lines of text. */
  let row: { cells: string[]; headings: number } | null = null;
  /** A term or "Note" that waits for the paragraph it introduces. */
  let lead = '';
  let preDepth = 0;
  let localLinkDepth = 0;

  function emit(text: string, kind: Paragraph['kind']): void {
    if (text === '') return;
    const list = openLists.at(-1);
    const introduced = lead === '' ? text : `${lead}${kind === 'pre' ? '\n' : ' '}${text}`;
    lead = '';
    blocks.push({ kind: kind === 'paragraph' && list ? 'item' : kind, text: introduced, page: null });
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
    if (lead !== '') blocks.push({ kind: 'item', text: lead.replace(/:$/, ''), page: null });
    lead = '';
  }

  /** A row that turns out to hold lists or tables is layout: its cells are read as blocks. */
  function giveUpRow(): void {
    for (const cell of row?.cells ?? []) emit(cell, 'paragraph');
    row = null;
  }

  function open(element: Element): void {
    const { name, attribs } = element;
    if (name === 'br') buffer += preDepth > 0 ? '\n' : row ? ' ' : hardBreak;
    if (name === 'a' && attribs.href !== undefined && !/^[a-z][a-z0-9+.-]*:/i.test(attribs.href)) localLinkDepth++;
    if (!blockTags.has(name)) return;
    if (row && endsRow.has(name)) giveUpRow();
    if (row) buffer += ' ';
    else flush();
    if (name === 'pre') preDepth++;
    if (lists.has(name)) openLists.push({ firstBlock: blocks.length, items: 0, characters: 0, linked: 0 });
    const list = openLists.at(-1);
    if (list && (name === 'li' || name === 'dt')) list.items++;
    if (name === 'table') openTables.push({ headers: null, rows: 0 });
    if (name === 'tr') row = { cells: [], headings: 0 };
    if (row && (name === 'td' || name === 'th')) buffer = '';
  }

  function close(element: Element): void {
    const { name, attribs } = element;
    if (
      name === 'a' &&
      localLinkDepth > 0 &&
      attribs.href !== undefined &&
      !/^[a-z][a-z0-9+.-]*:/i.test(attribs.href)
    ) {
      localLinkDepth--;
    }
    if (!blockTags.has(name)) return;
    if (row) {
      closeInRow(name);
      return;
    }
    const level = /^h([1-6])$/.exec(name)?.[1];
    const admonished =
      'attribs' in (element.parent ?? {}) && admonition.test((element.parent as Element).attribs.class ?? '');
    if (name === 'dt' || attribs.class?.includes('admonition-title') || (level !== undefined && admonished)) {
      introduce(foldSpace(buffer));
      buffer = '';
    } else if (level !== undefined) {
      giveUpLead();
      const text = foldSpace(buffer);
      buffer = '';
      if (text !== '') blocks.push({ kind: 'heading', level: Number(level), text });
    } else flush();
    if (name === 'pre') preDepth--;
    if (name === 'dl' || admonition.test(attribs.class ?? '')) giveUpLead();
    if (lists.has(name)) closeList();
    if (name === 'table') closeTable();
  }

  function closeInRow(name: string): void {
    if (!row) return;
    if (name === 'td' || name === 'th') {
      row.cells.push(foldSpace(buffer));
      buffer = '';
      if (name === 'th') row.headings++;
    } else if (name === 'tr') {
      const table = openTables.at(-1);
      const { cells, headings } = row;
      row = null;
      buffer = '';
      if (table && table.rows === 0 && table.headers === null && cells.length > 1 && headings === cells.length) {
        table.headers = cells;
      } else if (headings === 1 && cells.filter((cell) => cell !== '').length === 1) {
        introduce(cells.join('')); // DocBook's "Note" over its text, a group's name over its rows
      } else {
        emit(rowText(cells, table?.headers ?? null), 'item');
        if (table) table.rows++;
      }
    } else buffer += ' ';
  }

  function closeTable(): void {
    const table = openTables.pop();
    giveUpLead();
    if (table?.headers && table.rows === 0) emit(rowText(table.headers, null), 'item');
  }

  /** A list of nothing but links within the site is a table of contents or an index, whatever its class. */
  function closeList(): void {
    const list = openLists.pop();
    if (!list) return;
    if (list.items >= 4 && list.linked > list.characters * 0.9) {
      blocks.splice(list.firstBlock);
      return;
    }
    const outer = openLists.at(-1);
    if (!outer) return;
    outer.items += list.items;
    outer.characters += list.characters;
    outer.linked += list.linked;
  }

  function text(data: string): void {
    buffer += preDepth > 0 ? data : data.replaceAll('¶', '');
    const list = openLists.at(-1);
    if (!list) return;
    const length = data.trim().length;
    list.characters += length;
    if (localLinkDepth > 0) list.linked += length;
  }

  if (root) walk(root, { open, close, text });
  flush();
  giveUpLead();
  return blocks;
}

type Visitor = {
  readonly open: (element: Element) => void;
  readonly close: (element: Element) => void;
  readonly text: (data: string) => void;
};

function walk(root: AnyNode, { open, close, text }: Visitor): void {
  let node: AnyNode | null = root;
  while (node) {
    let down: AnyNode | null = null;
    if (node.type === 'text') text(node.data);
    else if ('attribs' in node && (node === root || !isChrome(node))) {
      open(node);
      down = node.firstChild;
      if (!down) close(node);
    }
    while (!down && node && node !== root) {
      down = node.next;
      if (!down) {
        node = node.parent as AnyNode | null;
        if (node && 'attribs' in node) close(node);
      }
    }
    node = down;
  }
}
