/** A block of Notion → HTML, which is read as a page of the web is. */
import { z } from 'zod';
import { SourceError } from '../source-error.ts';

export type Block = {
  readonly id: string;
  readonly type: string;
  readonly has_children: boolean;
  /** What stands under the name of its type. */
  readonly content: unknown;
  /** The first of those that stand beside it. */
  readonly first: boolean;
  /** The block that it stands in; null: the page. */
  readonly above: Block | null;
};

const richText = z.array(z.object({ plain_text: z.string() }));
const content = z.object({
  rich_text: richText.default([]),
  caption: richText.default([]),
  title: z.union([richText, z.string()]).default([]),
  expression: z.string().default(''),
  url: z.string().default(''),
  checked: z.boolean().default(false),
  has_column_header: z.boolean().default(false),
  cells: z.array(richText).default([]),
});
type Content = z.output<typeof content>;

/** Nothing to read stands in these themselves. */
const silent = new Set(['divider', 'breadcrumb', 'table_of_contents', 'link_to_page']);
const around = new Set(['synced_block', 'column_list', 'column', 'tab', 'transcription', 'meeting_notes']);
const captioned = new Set(['image', 'video', 'pdf', 'file', 'audio']);
const linked = new Set(['bookmark', 'embed', 'link_preview']);
const withText = new Set(['paragraph', 'toggle', 'callout', 'template']);

/**
 * @param inner what stands within it, as HTML
 * @returns null for types that are not known
 * @throws {SourceError} where it is malformed
 */
export function blockHtml({ type, content: reply, first, above }: Block, inner: string): string | null {
  if (silent.has(type)) return '';
  const { data } = content.safeParse(reply);
  const known = around.has(type) || captioned.has(type) || linked.has(type) || withText.has(type) || type in others;
  if (known && data === undefined) throw new SourceError(`holds a block of the type ${type} that is malformed`);
  if (!known || data === undefined) return null;
  if (around.has(type)) return `${paragraph(typeof data.title === 'string' ? data.title : plain(data.title))}${inner}`;
  if (captioned.has(type)) return `${paragraph(plain(data.caption))}${inner}`;
  if (linked.has(type)) return paragraph(plain(data.caption) || data.url);
  if (withText.has(type)) return `${paragraph(plain(data.rich_text))}${inner}`;
  return others[type]?.(data, inner, first && headerAbove(above)) ?? null;
}

const others: Readonly<Record<string, (data: Content, inner: string, header: boolean) => string>> = {
  heading_1: (data, inner) => heading(1, data, inner),
  heading_2: (data, inner) => heading(2, data, inner),
  heading_3: (data, inner) => heading(3, data, inner),
  heading_4: (data, inner) => heading(4, data, inner),
  bulleted_list_item: (data, inner) => item(text(data.rich_text), inner),
  numbered_list_item: (data, inner) => item(text(data.rich_text), inner),
  to_do: (data, inner) => item(`${data.checked ? '☑' : '☐'} ${text(data.rich_text)}`, inner),
  quote: (data, inner) => `<blockquote>${paragraph(plain(data.rich_text))}${inner}</blockquote>`,
  code: (data) => `<pre>\n${escaped(plain(data.rich_text))}</pre>${paragraph(plain(data.caption))}`,
  equation: (data) => paragraph(data.expression),
  table: (_, inner) => `<table>${inner}</table>`,
  table_row: ({ cells }, _, header) => {
    const name = header ? 'th' : 'td';
    return `<tr>${cells.map((cell) => `<${name}>${text(cell)}</${name}>`).join('')}</tr>`;
  },
};

function headerAbove(above: Block | null): boolean {
  return content.safeParse(above?.content).data?.has_column_header === true;
}

function heading(level: number, data: Content, inner: string): string {
  return `<h${level}>${text(data.rich_text)}</h${level}>${inner}`;
}

function item(line: string, inner: string): string {
  return `<ul><li>${line}${inner}</li></ul>`;
}

/** @param value plain text */
export function paragraph(value: string): string {
  return value === '' ? '' : `<p>${escaped(value).replaceAll('\n', '<br>')}</p>`;
}

function text(parts: z.output<typeof richText>): string {
  return escaped(plain(parts)).replaceAll('\n', '<br>');
}

export function plain(parts: z.output<typeof richText>): string {
  return parts.map(({ plain_text }) => plain_text).join('');
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
