/** Reads the title, the metadata and the text of the properties of a Notion page. */
import { z } from 'zod';
import { type ContentMetadata, contentMetadata, metadataProblems } from '../ingest/content-metadata.ts';
import { SourceUnreadable } from '../source-error.ts';
import { plain } from './block-html.ts';

const instant = z.iso.datetime({ offset: true });

/** A page as listings and retrievals return it. */
export const notionPage = z.object({
  object: z.literal('page'),
  id: z.guid().toLowerCase(),
  created_time: instant,
  /** To the minute. */
  last_edited_time: instant,
  in_trash: z.boolean().optional(),
  archived: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()),
});
export type NotionPage = z.output<typeof notionPage>;

/** The metadata that properties can provide. */
export const metadataNames = [
  'license',
  'rightsHolder',
  'language',
  'publishedAt',
  'permission',
  'externalShareConsent',
  'retentionYears',
] as const;
export type MetadataProperties = Readonly<Partial<Record<(typeof metadataNames)[number], string>>>;

const named = z.object({ name: z.string().nullish() });
const richText = z.array(z.object({ plain_text: z.string() }));
const property = z.object({
  type: z.string(),
  title: richText.optional(),
  rich_text: richText.optional(),
  select: named.nullish(),
  status: named.nullish(),
  multi_select: z.array(named).optional(),
  people: z.array(named).optional(),
  created_by: named.nullish(),
  last_edited_by: named.nullish(),
  date: z.object({ start: z.string(), end: z.string().nullish() }).nullish(),
  number: z.number().nullish(),
  checkbox: z.boolean().optional(),
  url: z.string().nullish(),
  email: z.string().nullish(),
  phone_number: z.string().nullish(),
  formula: z.object({ type: z.string() }).loose().nullish(),
});

/**
 * @param properties the property for each metadata field
 * @throws {SourceUnreadable} for an invalid value, which remains invalid until the page is edited
 */
export function pageMetadata(page: NotionPage, properties: MetadataProperties): ContentMetadata {
  const metadata: Record<string, unknown> = {};
  const title = Object.values(page.properties)
    .map(titleOf)
    .find((each) => each !== '');
  if (title !== undefined) metadata.title = title;
  metadata.publishedAt = page.created_time;
  for (const [field, name] of Object.entries(properties)) {
    const value = propertyValue(page, name);
    if (value !== null) metadata[field] = value;
  }
  const parsed = contentMetadata.safeParse(metadata);
  if (parsed.success) return parsed.data;
  throw new SourceUnreadable(`has a property that cannot be used: ${metadataProblems(parsed.error, metadata)}`);
}

function titleOf(value: unknown): string {
  return plain(property.safeParse(value).data?.title ?? [])
    .trim()
    .slice(0, 2_000);
}

/** Null: the page has no such property, or it is empty. */
export function propertyValue({ properties }: NotionPage, name: string): string | number | boolean | null {
  const { data } = property.safeParse(properties[name]);
  if (data === undefined) return null;
  if (typeof data.checkbox === 'boolean') return data.checkbox;
  if (typeof data.number === 'number') return data.number;
  if (data.formula) return formulaValue(data.formula);
  const people = [...(data.multi_select ?? []), ...(data.people ?? [])].flatMap((each) => each.name ?? []);
  const texts = [
    plain([...(data.title ?? []), ...(data.rich_text ?? [])]),
    (data.select ?? data.status ?? data.created_by ?? data.last_edited_by)?.name,
    people.join(', '),
    data.date?.start,
    data.url ?? data.email ?? data.phone_number,
  ];
  return texts.find((each) => typeof each === 'string' && each.trim() !== '') ?? null;
}

/** Properties that say nothing about the subject of the page. */
const administrative = new Set([
  'title',
  'created_time',
  'last_edited_time',
  'created_by',
  'last_edited_by',
  'unique_id',
  'button',
  'verification',
]);

/** The properties of a page as lines of text, except those used elsewhere; `notes` counts those that cannot be read. */
export function readProperties(
  page: NotionPage,
  { properties: used, textProperties }: { properties: MetadataProperties; textProperties: readonly string[] },
): { readonly texts: readonly string[]; readonly notes: readonly string[] } {
  const elsewhere = new Set([...Object.values(used), ...textProperties]);
  const texts: string[] = [];
  const unread: string[] = [];
  for (const [name, value] of Object.entries(page.properties)) {
    const { type } = z.object({ type: z.string() }).safeParse(value).data ?? { type: 'unknown' };
    if (administrative.has(type) || elsewhere.has(name)) continue;
    if (['relation', 'rollup', 'files', 'place', 'unknown'].includes(type)) unread.push(type);
    const text = propertyValue(page, name);
    if (text !== null && text !== false) texts.push(text === true ? name : `${name}: ${text}`);
  }
  const types = [...new Set(unread)].join(', ');
  return {
    texts,
    notes: unread.length === 0 ? [] : [`left out: ${unread.length} properties of types that are not read: ${types}`],
  };
}

function formulaValue(formula: { readonly type: string; readonly [key: string]: unknown }) {
  const value = formula[formula.type];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
