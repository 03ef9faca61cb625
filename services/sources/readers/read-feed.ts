/** RSS 2.0 → its items. Strict about XML: a truncated feed would look like one with fewer items. */
import { createHash } from 'node:crypto';
import { parseXml, type XmlDocument, type XmlElement } from '@rgrove/parse-xml';
import { SourceError } from '../source-error.ts';
import { decodeText } from '../text/decode-text.ts';
import { foldSpace } from '../text/fold-space.ts';
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
  /** The whole text where the feed has it, else its beginning. */
  readonly html: string;
  /** Why it cannot be ingested; null: it can. */
  readonly problem: string | null;
};

/** @throws {SourceError} that continues "the feed …" */
export function readFeed(bytes: Uint8Array): readonly FeedItem[] {
  const feed = parse(bytes);
  if (feed.root?.name !== 'rss') throw new SourceError('is not an RSS feed');
  return elementsNamed(feed, 'item').map(readItem);
}

function parse(bytes: Uint8Array): XmlDocument {
  try {
    return parseXml(decodeText(bytes));
  } catch (error) {
    const reason = error instanceof SourceError ? error.message : 'is not well-formed XML';
    throw new SourceError(reason, { cause: error });
  }
}

function readItem(item: XmlElement, at: number): FeedItem {
  const text = (name: string, prefix?: string) => foldSpace(childText(item, name, prefix) ?? '') || null;
  const link = text('link');
  const isAddress = link !== null && /^https?:\/\//.test(link) && URL.canParse(link);
  const title = text('title')?.slice(0, 500) ?? null;
  const html = withoutMore(childText(item, 'encoded', 'content') ?? childText(item, 'description') ?? '');
  const published = Date.parse(text('pubDate') ?? '');
  const creator = text('creatorName') ?? text('creator', 'dc');
  return {
    key: text('guid') ?? link ?? `item ${at + 1}`,
    version: createHash('sha256')
      .update(JSON.stringify([link, title, published, creator, html]))
      .digest('hex'),
    link: isAddress ? link : null,
    title,
    publishedAt: Number.isNaN(published) ? null : new Date(published),
    creator,
    html,
    problem: isAddress ? null : 'has no link to the article',
  };
}

/** note.com ends the beginning of an article with a link to the rest. */
function withoutMore(html: string): string {
  return !html.includes('続きをみる')
    ? html
    : html.replace(/(?:<br\s*\/?>\s*)*<a\s[^>]*>\s*続きをみる\s*<\/a>\s*$/u, '');
}
