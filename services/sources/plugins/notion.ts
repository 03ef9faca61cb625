/** SOURCE notion: pages and database rows that a Notion workspace shares with a connection. */
import { extractNotionId } from '@notionhq/client';
import { refuseFailedRoot } from '../failed-roots.ts';
import { paragraph } from '../notion/block-html.ts';
import { type HeldPage, listPages, type Roots } from '../notion/list-pages.ts';
import { openNotion, request } from '../notion/notion-api.ts';
import { splitPageFrontMatter } from '../notion/page-front-matter.ts';
import {
  type MetadataProperties,
  metadataNames,
  notionPage,
  pageMetadata,
  propertyValue,
  readProperties,
} from '../notion/page-metadata.ts';
import { readPageBlocks } from '../notion/read-page-blocks.ts';
import { definePlugin } from '../plugin.ts';
import { SourceError, SourceUnreadable } from '../source-error.ts';

type Config = Roots & {
  readonly properties: MetadataProperties;
  readonly textProperties: readonly string[];
  readonly fullListingHours: number;
};

export default definePlugin<Config>({
  version: '1.0.0',
  configuration: (z) => {
    const id = z
      .string()
      .refine((text) => extractNotionId(text) !== null, 'is neither the address of a page or database nor its id')
      .transform((text) => extractNotionId(text) ?? text);
    const name = z.string().min(1).max(2_000);
    return z.strictObject({
      /** Their rows with subpages. With neither databases nor pages: everything that is shared with the connection. */
      databases: z.array(id).max(200).default([]),
      /** Including their subpages. */
      pages: z.array(id).max(200).default([]),
      /** The names of the properties with metadata. */
      properties: z
        .strictObject(Object.fromEntries(metadataNames.map((field) => [field, name])))
        .partial()
        .default({}),
      /** Names of properties to add to the text. */
      textProperties: z.array(name).max(50).default([]),
      /** Interval of full listings. In between, with more than 1,000 pages, only edits are listed. Hours. */
      fullListingHours: z.number().min(0).max(720).default(24),
    });
  },
  metadata: { acquisitionMethod: 'api_fetch' },

  list(context, cursor) {
    const { config } = context;
    return listPages(openNotion(context), config, cursor, config.fullListingHours * 3_600_000);
  },

  async fetch(item, context) {
    refuseFailedRoot(item);
    const { key, held } = item;
    const { page, reportChildren } = held as HeldPage;
    if (page === null) throw new SourceError('has a form that cannot be read, or without its properties');
    const metadata = pageMetadata(page, context.config.properties);
    const read = await readPageBlocks(openNotion(context).client, key);
    if (read === 'gone') return 'gone';
    reportChildren(read.children);
    const texts = context.config.textProperties.flatMap((name) => {
      const value = propertyValue(page, name);
      return value === null ? [] : paragraph(`${name}: ${value}`);
    });
    const { html, metadata: stated, warnings } = await splitPageFrontMatter(read.html);
    // A row without a page body has its text in its properties.
    const properties = html.trim() === '' ? readProperties(page, context.config) : null;
    const body = [...texts, ...(properties?.texts ?? []).map(paragraph), html].join('\n');
    const notes = [...warnings, ...(properties === null ? [] : properties.notes)];
    const fetched = { body, format: 'html', metadata: { ...metadata, ...stated } } as const;
    if (read.skipped.length === 0) return { ...fetched, ...(notes.length > 0 && { note: notes.join('; ') }) };
    const unread = `blocks of types that are not read: ${typesOf(read.skipped)}`;
    if (body.trim() === '') throw new SourceUnreadable(`contains nothing but ${read.skipped.length} ${unread}`);
    return { ...fetched, note: [...notes, `is ingested without ${read.skipped.length} ${unread}`].join('; ') };
  },

  search: (query, limit, { searchSynced }) => searchSynced(query, limit),

  async health(context) {
    const listing = listPages(openNotion(context), context.config, null, 0);
    const first = await listing.next();
    await listing.return({ cursor: null, covers: 'none' });
    return first.done === true ? { degraded: 'nothing is shared with the connection' } : undefined;
  },

  async isDeleted({ key }, context) {
    const reply = await request(() => openNotion(context).client.pages.retrieve({ page_id: key }));
    const { data } = notionPage.safeParse(reply);
    return reply === 'gone' || data?.in_trash === true || data?.archived === true;
  },
});

function typesOf(skipped: readonly string[]): string {
  return [...new Set(skipped)].join(', ').slice(0, 200);
}
