/** Reads a PDF, and its pages without text through the document server, which recognises text in pictures. */
import type { Block, Extracted, LeftOut, Paragraph } from '../text/block.ts';
import { refuseIncomplete } from '../text/left-out.ts';
import { documentServer } from './document-server.ts';
import { parseDocument } from './parser-pool.ts';

/** @throws {SourceError} that says why it cannot be read */
export async function readPdfOrScan(bytes: Uint8Array): Promise<Extracted & { readonly warnings?: readonly string[] }> {
  const recognise = documentServer();
  if (recognise === null) return parseDocument({ format: 'pdf', bytes });
  const own = await parseDocument({ format: 'pdf', bytes, scannedPages: true });
  const scanned = own.leftOut?.find(({ kind }) => kind === 'pages without text');
  if (scanned === undefined) return refuseIncomplete(own);
  const recognised = await recognise(bytes);
  if (scanned.count === scanned.of) return recognised;
  const pages = new Set(scanned.pages);
  const added = asParagraphs(recognised.blocks).filter(({ page }) => page !== null && pages.has(page));
  const found = [...new Set(added.map(({ page }) => page))].filter((page) => page !== null);
  const rest = [...pages].filter((page) => !found.includes(page));
  const others = own.leftOut?.filter((each) => each !== scanned) ?? [];
  const leftOut: LeftOut[] = rest.length === 0 ? others : [...others, { ...scanned, count: rest.length, pages: rest }];
  const { leftOut: _, ...extracted } = own;
  return {
    ...refuseIncomplete({
      ...extracted,
      blocks: insertPages(own.blocks, added),
      ...(leftOut.length > 0 && { leftOut }),
    }),
    ...(found.length > 0 && {
      warnings: [`text recognised by the document server: ${found.length} of ${scanned.of ?? found.length} pages`],
    }),
  };
}

/** Their headings become paragraphs: between the pages of the PDF itself they would begin sections that do not exist. */
function asParagraphs(blocks: readonly Block[]): readonly Paragraph[] {
  let page: number | null = null;
  const paragraphs: Paragraph[] = [];
  // From the end, because a heading stands on the page of the paragraph after it.
  for (const block of blocks.toReversed()) {
    if (block.kind !== 'heading') page = block.page;
    paragraphs.push(block.kind === 'heading' ? { kind: 'paragraph', text: block.text, page } : block);
  }
  return paragraphs.reverse().filter(({ text }) => text !== '');
}

/** Each added paragraph stands before the first block of a later page, and before the headings that introduce that block. */
function insertPages(blocks: readonly Block[], added: readonly Paragraph[]): readonly Block[] {
  const result: Block[] = [];
  let next = 0;
  let headings: Block[] = [];
  for (const block of blocks) {
    headings.push(block);
    if (block.kind === 'heading') continue;
    for (; next < added.length && (added[next]?.page ?? 0) < (block.page ?? 0); next++)
      result.push(...added.slice(next, next + 1));
    result.push(...headings);
    headings = [];
  }
  return [...result, ...headings, ...added.slice(next)];
}
