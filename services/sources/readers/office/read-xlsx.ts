/** Workbooks of Excel (.xlsx) → blocks, sheet by sheet; the number of the sheet among the visible ones is the page. */
import type { XmlElement } from '@rgrove/parse-xml';
import type { Block, Extracted } from '../../text/block.ts';
import { foldSpace } from '../../text/fold-space.ts';
import { createLeftOutCounter, type LeftOutCounter } from '../../text/left-out.ts';
import { createTextBudget, type TextBudget } from '../text-budget.ts';
import { elementsNamed, outermostNamed } from '../xml-elements.ts';
import { paragraphsOf } from './drawn-text.ts';
import { createNumberText } from './number-text.ts';
import { type OfficePackage, openPackage, relationId } from './open-package.ts';
import { readSharedStrings } from './shared-strings.ts';
import { rangeOf, readSheet, type WorkbookTexts } from './sheet-cells.ts';
import { sheetLines } from './sheet-lines.ts';
import { parsePart } from './xml-parts.ts';

const kind = { name: 'an Excel workbook', type: 'spreadsheetml', extension: '.xlsx' };

/** Each sheet is a section of its name; hidden sheets, rows and columns are left out. @throws {SourceError} */
export async function readXlsx(bytes: Uint8Array): Promise<Extracted> {
  const workbook = await openPackage(bytes, kind);
  const { main, part, relations } = workbook;
  const outline = parsePart(part(main));
  const leads = relations(main);
  const pathOf = (wanted: string) => leads.find((each) => each.kind === wanted)?.target;
  const strings = pathOf('sharedStrings');
  const styles = pathOf('styles');
  const from1904 = /^(1|true)$/.test(elementsNamed(outline, 'workbookPr')[0]?.attributes.date1904 ?? '');
  const budget = createTextBudget();
  const texts = {
    shared: strings === undefined ? [] : await readSharedStrings(part(strings), budget),
    numberText: createNumberText(styles === undefined ? null : part(styles), { from1904 }),
  };
  const leftOut = createLeftOutCounter();
  const blocks: Block[] = [];
  let page = 0;
  for (const entry of elementsNamed(outline, 'sheet')) {
    if (/hidden/i.test(entry.attributes.state ?? '')) {
      leftOut.add('hidden parts');
      continue;
    }
    page++;
    // Sheets of charts alone are of another kind.
    const lead = leads.find(({ id }) => id === relationId(entry));
    if (lead?.kind !== 'worksheet') continue;
    const found = await sheetBlocks(workbook, lead.target, { texts, budget, leftOut, page });
    const name = foldSpace(entry.attributes.name ?? '');
    if (name !== '' && found.length > 0) blocks.push({ kind: 'heading', level: 1, text: name });
    for (const block of found) blocks.push(block);
  }
  return { title: null, blocks, ...leftOut.report() };
}

type Reading = {
  readonly leftOut: LeftOutCounter;
  readonly texts: WorkbookTexts;
  readonly budget: TextBudget;
  readonly page: number;
};

/** The rows, then what stands in text boxes. */
async function sheetBlocks(
  { part, relations }: OfficePackage,
  path: string,
  { texts, budget, leftOut, page }: Reading,
): Promise<readonly Block[]> {
  const leads = relations(path);
  const sheet = await readSheet(part(path), texts, budget);
  if (sheet.hidden > 0) leftOut.add('hidden parts', page, sheet.hidden);
  if (sheet.unsaved > 0) leftOut.add('formulas without a value', page, sheet.unsaved);
  const tables = leads
    .filter((each) => each.kind === 'table')
    .map(({ target }) => headerRowOf(parsePart(part(target)).root));
  const headerRows = new Set([...sheet.headerRows, ...tables.filter((row) => row !== null)]);
  const blocks: Block[] = [];
  for (const text of sheetLines({ ...sheet, headerRows }, budget)) blocks.push({ kind: 'item', text, page });
  for (const { target } of leads.filter((each) => each.kind === 'drawing')) {
    for (const shape of outermostNamed(parsePart(part(target)), 'txBody')) {
      for (const text of paragraphsOf(shape)) {
        budget.spendText(text);
        blocks.push({ kind: 'paragraph', text, page });
      }
    }
  }
  return blocks;
}

/** Null: its columns have no names. */
function headerRowOf(table: XmlElement | null): number | null {
  if (table === null || table.attributes.headerRowCount === '0') return null;
  return rangeOf(table.attributes.ref)?.top ?? null;
}
