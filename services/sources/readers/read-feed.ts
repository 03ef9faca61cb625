/**
 * Reads the items of an RSS 2.0 feed one by one, so that a broken item leaves the others readable and a large feed takes little
 * memory. Runs in the parser process.
 */
import { createHash } from 'node:crypto';
import { parseXml, type XmlElement, XmlError } from '@rgrove/parse-xml';
import { SourceError } from '../source-error.ts';
import { decodeText } from '../text/decode-text.ts';
import { foldSpace } from '../text/fold-space.ts';
import { repairXml } from './repair-xml.ts';
import { childText, elementsNamed } from './xml-elements.ts';

/** Null: the feed does not say. */
export type FeedItem = {
  /** Its guid, or its address. */
  readonly key: string;
  readonly version: string;
  readonly link: string | null;
  readonly title: string | null;
  readonly publishedAt: Date | null;
  readonly creator: string | null;
  /** The whole text if the feed has it, otherwise its beginning. */
  readonly html: string;
  /** Why it cannot be ingested; null: it can. */
  readonly problem: string | null;
};

export type Feed = {
  readonly items: readonly FeedItem[];
  /** Whether every item is identified: a broken item without a key may be any of the known ones. */
  readonly complete: boolean;
};

/** @throws {SourceError} that continues "the feed …" */
export function readFeed(bytes: Uint8Array): Feed {
  const text = repairXml(decodeText(bytes)).trimEnd();
  const root = rootTag(text);
  // A feed that was cut off would look like one with fewer items.
  if (!text.endsWith('</rss>')) {
    throw new SourceError(`is cut off at line ${lineAt(text, text.length)}: it does not end with </rss>`);
  }
  const items: FeedItem[] = [];
  let complete = true;
  let line = 1;
  let counted = 0;
  for (let start = nextItem(text, 0); start !== -1; ) {
    line += lineAt(text.slice(counted, start), Number.POSITIVE_INFINITY) - 1;
    counted = start;
    const end = text.indexOf('</item>', start);
    const next = nextItem(text, start + 1);
    if (end === -1 || (next !== -1 && next < end)) throw new SourceError(`has an item without an end at line ${line}`);
    const source = text.slice(start, end + '</item>'.length);
    const item = readItem(source, root, { at: items.length, line });
    if (item.key === '') complete = false;
    items.push(item.key === '' ? { ...item, key: `broken item at line ${line}` } : item);
    start = next;
  }
  return { items, complete };
}

/** @throws {SourceError} if the document is not RSS */
function rootTag(text: string): string {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    if (text.startsWith('<!--', at)) at = text.indexOf('-->', at);
    else if (text[at + 1] !== '?' && text[at + 1] !== '!') {
      const end = text.indexOf('>', at);
      const tag = end === -1 ? '' : text.slice(at, end + 1);
      if (/^<rss[\s>]/.test(tag)) return tag;
      break;
    }
    if (at === -1) break;
  }
  throw new SourceError('is not an RSS feed');
}

function nextItem(text: string, from: number): number {
  for (let at = text.indexOf('<item', from); at !== -1; at = text.indexOf('<item', at + 1)) {
    if (/[\s>]/.test(text[at + '<item'.length] ?? '')) return at;
  }
  return -1;
}

/** An item that is not well-formed keeps its key, if it can be found, and says at which line it is broken. */
function readItem(source: string, root: string, { at, line }: { at: number; line: number }): FeedItem {
  try {
    const [item] = elementsNamed(parseXml(`${root}${source}</rss>`), 'item');
    if (item === undefined) throw new SourceError('has an item that cannot be read');
    return itemOf(item, at);
  } catch (error) {
    const within = error instanceof XmlError ? error.line - 1 : 0;
    const key = (plainText(source, 'guid') ?? plainText(source, 'link') ?? '').trim();
    return {
      key,
      version: hash([source]),
      link: null,
      title: null,
      publishedAt: null,
      creator: null,
      html: '',
      problem: `is not well-formed XML at line ${line + within} of the feed`,
    };
  }
}

function itemOf(item: XmlElement, at: number): FeedItem {
  const text = (name: string, prefix?: string) => foldSpace(childText(item, name, prefix) ?? '') || null;
  const link = text('link');
  const isAddress = link !== null && /^https?:\/\//.test(link) && URL.canParse(link);
  const title = text('title')?.slice(0, 500) ?? null;
  const html = withoutMore(childText(item, 'encoded', 'content') ?? childText(item, 'description') ?? '');
  const published = Date.parse(text('pubDate') ?? '');
  const creator = text('creatorName') ?? text('creator', 'dc');
  return {
    key: text('guid') ?? link ?? `item ${at + 1}`,
    version: hash([link, title, published, creator, html]),
    link: isAddress ? link : null,
    title,
    publishedAt: Number.isNaN(published) ? null : new Date(published),
    creator,
    html,
    problem: isAddress ? null : 'has no link to the article',
  };
}

/** The text of a plain element in XML that cannot be parsed. */
function plainText(source: string, name: string): string | null {
  const start = source.indexOf(`<${name}`);
  const open = start === -1 ? -1 : source.indexOf('>', start);
  const end = open === -1 ? -1 : source.indexOf(`</${name}>`, open);
  if (end === -1) return null;
  const text = source
    .slice(open + 1, end)
    .replace('<![CDATA[', '')
    .replace(']]>', '');
  return text.includes('<') ? null : text;
}

/** note.com ends the beginning of an article with a link to the rest. Without a pattern, which crafted text could make slow. */
function withoutMore(html: string): string {
  const trimmed = html.trimEnd();
  const open = trimmed.lastIndexOf('<a');
  const inner = open === -1 ? '' : trimmed.slice(open);
  const text = inner.slice(inner.indexOf('>') + 1, -'</a>'.length);
  if (!inner.endsWith('</a>') || text.trim() !== '続きをみる') return html;
  let rest = trimmed.slice(0, open).trimEnd();
  for (let last = /<br\s{0,5}\/?>$/.exec(rest.slice(-12)); last; last = /<br\s{0,5}\/?>$/.exec(rest.slice(-12))) {
    rest = rest.slice(0, rest.length - last[0].length).trimEnd();
  }
  return rest;
}

/** From 1. */
function lineAt(text: string, end: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function hash(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
