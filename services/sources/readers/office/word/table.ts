/** Tables of a Word document → HTML tables, with their merged cells and header rows. */
import { XmlElement } from '@rgrove/parse-xml';
import type { LeftOutCounter } from '../../../text/left-out.ts';
import { childNamed, localName, valOf } from '../../xml-elements.ts';

type Cell = { readonly html: string; readonly columns: number; rows: number };

/** @param cellHtml reads the blocks of a cell */
export function tableHtml(table: XmlElement, cellHtml: (cell: XmlElement) => string, leftOut: LeftOutCounter): string {
  const rows: { readonly cells: Cell[]; readonly isHead: boolean }[] = [];
  /** By column, the cell that goes on downwards. */
  let open = new Map<number, Cell>();
  let isHead = true;
  for (const row of childrenOf(table, 'tr')) {
    const properties = childNamed(row, 'trPr');
    if (properties && childNamed(properties, 'del')) {
      leftOut.add('deleted text');
      continue;
    }
    const below = new Map<number, Cell>();
    const cells: Cell[] = [];
    let column = Number(valOf(properties && childNamed(properties, 'gridBefore')) ?? 0);
    if (column > 0) cells.push({ html: '', columns: column, rows: 1 });
    let continuesHead = false;
    for (const cell of childrenOf(row, 'tc')) {
      const own = childNamed(cell, 'tcPr');
      const columns = Math.max(1, Number(valOf(own && childNamed(own, 'gridSpan')) ?? 1) || 1);
      const merge = own && childNamed(own, 'vMerge');
      const above = open.get(column);
      if (merge && valOf(merge) !== 'restart' && above !== undefined) {
        above.rows++;
        below.set(column, above);
        continuesHead = true;
      } else {
        const made = { html: cellHtml(cell), columns, rows: 1 };
        cells.push(made);
        if (merge) below.set(column, made);
      }
      column += columns;
    }
    // A header row whose cells go on below is a header of two rows.
    const isMarked = properties !== null && childNamed(properties, 'tblHeader') !== null;
    isHead = isHead && (isMarked || (rows.length > 0 && continuesHead));
    rows.push({ cells, isHead });
    open = below;
  }
  const written = rows.map(({ cells, isHead: isHeader }) => {
    const tag = isHeader ? 'th' : 'td';
    return `<tr>${cells.map(({ html, columns, rows: down }) => `<${tag} colspan="${columns}" rowspan="${down}">${inCell(html)}</${tag}>`).join('')}</tr>`;
  });
  return `<table>${written.join('')}</table>`;
}

/** Paragraphs and lists of a cell are one text; a table within it is read on its own. */
function inCell(html: string): string {
  if (html.includes('<table>')) return html;
  const lines = html
    .replace(/<\/?(?:ul|h\d)>/g, '')
    .split(/<\/?(?:p|li)>/)
    .filter((line) => line.trim() !== '');
  return lines.join(' ');
}

/** Rows and cells, those that controls and marks of changes wrap included. */
function childrenOf(of: XmlElement, name: string): readonly XmlElement[] {
  return of.children.flatMap((child): readonly XmlElement[] => {
    if (!(child instanceof XmlElement)) return [];
    const own = localName(child);
    if (own === name) return [child];
    return /^(?:sdt|sdtContent|customXml|ins|smartTag|moveTo)$/.test(own) ? childrenOf(child, name) : [];
  });
}
