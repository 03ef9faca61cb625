/** What a document server made of a file → blocks, with the pages where the server marks them. */
import type { Block, Extracted } from '../text/block.ts';
import { createLeftOutCounter, refuseIncomplete } from '../text/left-out.ts';
import { readHtml } from './html/read-html.ts';
import { readMarkdown } from './markup/read-markdown.ts';
import { createTextBudget } from './text-budget.ts';

export type ServerReply = {
  readonly format: 'html' | 'markdown';
  readonly text: string;
  /** What stands between its pages; in HTML: what begins a page. */
  readonly pageBreak: string;
  /** The server states that it could not read all of it. */
  readonly partial?: boolean;
};

/** @throws {SourceError} that says why it cannot be read, or that it holds more text than one document may */
export function readServerReply({ format, text, pageBreak, partial = false }: ServerReply): Extracted {
  const read = format === 'html' ? readHtml : readMarkdown;
  const [first = '', ...others] = text.split(pageBreak);
  const leftOut = createLeftOutCounter();
  if (partial) leftOut.add('unread parts');
  const { title, ...whole } = read(first);
  leftOut.addAll(whole.leftOut);
  if (others.length === 0) {
    createTextBudget().spendBlocks(whole.blocks);
    return { ...whole, title: titleFrom(title), ...leftOut.report() };
  }
  // In HTML, only the head of the file stands before the first page.
  const pages = format === 'html' ? others : [first, ...others];
  const blocks: Block[] = [];
  for (const [at, page] of pages.entries()) {
    const extracted = read(page);
    if (extracted.blocks.length === 0) leftOut.add('pages without text', at + 1);
    if (page !== first) leftOut.addAll(extracted.leftOut);
    blocks.push(...extracted.blocks.map((block) => (block.kind === 'heading' ? block : { ...block, page: at + 1 })));
  }
  createTextBudget().spendBlocks(blocks);
  return refuseIncomplete({
    title: titleFrom(title),
    blocks,
    ...(whole.language !== undefined && { language: whole.language }),
    ...leftOut.report({ 'pages without text': pages.length }),
  });
}

/** Tika writes the character NUL for a missing title, which HTML reads as U+FFFD. */
function titleFrom(title: string | null): string | null {
  return title === '\uFFFD' ? null : title;
}
