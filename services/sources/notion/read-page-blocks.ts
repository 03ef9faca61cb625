/** Converts the blocks of a page, including nested ones, to HTML and collects its subpages and databases. */
import type { Client } from '@notionhq/client';
import { z } from 'zod';
import { SourceError } from '../source-error.ts';
import { type Block, blockHtml } from './block-html.ts';
import { resultsOf } from './notion-api.ts';

export type PageBlocks = {
  readonly html: string;
  readonly children: readonly ChildRef[];
  /** The type of each block that is not read. */
  readonly skipped: readonly string[];
};

/** The id of a page, or the id of a database with {@link databasePrefix}. */
export type ChildRef = string;
export const databasePrefix = 'database:';

/** More than authors write on one page. */
const maxBlocks = 20_000;
const maxDepth = 50;

const block = z.looseObject({
  id: z.string().min(1),
  type: z.string().min(1),
  has_children: z.boolean().default(false),
});
const syncedFrom = z.object({ synced_from: z.object({ block_id: z.string() }) });

/** @throws {SourceError} */
export async function readPageBlocks(client: Client, pageId: string): Promise<PageBlocks | 'gone'> {
  const children: ChildRef[] = [];
  const skipped: string[] = [];
  /** The blocks being read: a synced block may contain its own copy. */
  const open = new Set<string>();
  let blocks = 0;

  async function below(id: string, above: Block | null): Promise<string | 'gone'> {
    if (open.has(id) || open.size > maxDepth) return 'gone';
    open.add(id);
    const parts: string[] = [];
    const results = resultsOf((cursor) =>
      client.blocks.children.list({
        block_id: id,
        page_size: 100,
        ...(cursor !== undefined && { start_cursor: cursor }),
      }),
    );
    for (let at = 0; ; at++) {
      const next = await results.next();
      if (next.done === true) {
        open.delete(id);
        return next.value === 'gone' ? 'gone' : parts.join('\n');
      }
      blocks++;
      if (blocks > maxBlocks) throw new SourceError(`holds more than ${maxBlocks.toLocaleString('en')} blocks`);
      const { data } = block.safeParse(next.value);
      if (data === undefined) throw new SourceError('holds a block that is malformed');
      parts.push(await read({ ...data, content: data[data.type], first: at === 0, above }));
    }
  }

  async function read(each: Block): Promise<string> {
    if (each.type === 'child_page') children.push(each.id);
    if (each.type === 'child_database') children.push(`${databasePrefix}${each.id}`);
    if (each.type === 'child_page' || each.type === 'child_database') return '';
    const original = syncedFrom.safeParse(each.content).data?.synced_from.block_id;
    let inner = each.has_children ? await below(each.id, each) : '';
    // An empty copy of a synced block is read from its original, if that is shared with the connection.
    if (original !== undefined && (inner === '' || inner === 'gone')) inner = await below(original, each);
    const html = inner === 'gone' ? null : blockHtml(each, inner);
    if (html === null) skipped.push(each.type);
    return html ?? '';
  }

  const html = await below(pageId, null);
  return html === 'gone' ? 'gone' : { html, children, skipped };
}
