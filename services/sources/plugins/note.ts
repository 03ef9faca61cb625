/** SOURCE note: articles of note.com, by the public RSS of creators and magazines. */
import type { KnownItem } from '../../provenance/source.ts';
import type { Validators } from '../http/get.ts';
import { definePlugin, type ListedItem, type SourceContext } from '../plugin.ts';
import { runIsolated } from '../readers/parser-pool.ts';
import type { FeedItem, Feed as ParsedFeed } from '../readers/read-feed.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';

type Config = {
  readonly creators: readonly string[];
  readonly magazines: readonly { readonly creator: string; readonly magazine: string }[];
  readonly since: string | null;
  readonly feedItems: number;
};

/** The validators of each feed from the last listing, by its address. */
type Cursor = Readonly<Record<string, Validators>>;

/** `held` of an article. */
type HeldArticle = Pick<FeedItem, 'problem' | 'title' | 'html' | 'creator'>;

type Feed = { readonly url: string; readonly creator: string | null };
type ReadFeed = Feed & ParsedFeed;
type FailedFeed = Feed & { readonly error: unknown };

/** Feeds that a health check reads, unless none of them can be read: hosts allow two requests per second. */
const maxChecked = 30;
/** A feed of 25 articles has 300 KB. */
const maxFeed = 8 * 1024 * 1024;
const id = /^[A-Za-z0-9_-]{1,100}$/;

export default definePlugin<Config>({
  version: '1.0.0',
  configuration: (z) => {
    const name = z.string().regex(id, 'is not an id as in the addresses of note.com');
    return z
      .strictObject({
        creators: z.array(name).max(200).default([]),
        magazines: z
          .array(z.strictObject({ creator: name, magazine: name }))
          .max(200)
          .default([]),
        /** Skips articles before this day. */
        since: z.iso.date().nullable().default(null),
        /** The most articles that a feed contains: one with fewer is complete. */
        feedItems: z.int().min(1).default(25),
      })
      .refine(
        ({ creators, magazines }) => creators.length + magazines.length > 0,
        'names neither creators nor magazines',
      );
  },
  metadata: { license: 'all_rights_reserved', contentType: 'note_article', acquisitionMethod: 'api_fetch' },

  async *list(context, cursor) {
    const { read, failed, next } = await readFeeds(context, (cursor ?? {}) as Cursor);
    for (const { items } of read) for (const item of items) yield listed(item);
    // A feed that cannot be read is an item that fails: it is reported and tried again, and the other feeds are ingested.
    for (const feed of failed) yield failedItem(feed);
    if (read.length + failed.length === 0) return { cursor: next, covers: 'none' };
    return {
      cursor: next,
      covers: (item) =>
        failed.every((feed) => !mayHold(feed, item)) && read.every((feed) => covers(feed, item, context.config)),
    };
  },

  filter: ({ publishedAt }, { config: { since } }) =>
    since === null || publishedAt === undefined || publishedAt >= new Date(`${since}T00:00:00+09:00`),

  async fetch({ held, publishedAt }) {
    const { problem, title, html, creator } = held as HeldArticle;
    if (problem !== null) throw new SourceError(problem);
    return {
      body: html,
      format: 'html',
      metadata: {
        ...(title !== null && { title }),
        ...(creator !== null && { rightsHolder: creator }),
        ...(publishedAt !== undefined && { publishedAt }),
      },
    };
  },

  search: (query, limit, { searchSynced }) => searchSynced(query, limit),

  async health(context) {
    const failed: FailedFeed[] = [];
    let read = 0;
    for (const [at, feed] of feedsOf(context).entries()) {
      if (at >= maxChecked && read > 0) break;
      try {
        await readOne(context, feed, undefined);
        read++;
      } catch (error) {
        context.signal.throwIfAborted();
        failed.push({ ...feed, error });
      }
    }
    const [first] = failed;
    if (first === undefined) return undefined;
    if (read === 0) throw first.error;
    return { degraded: failed.map(problemOf).join('; ').slice(0, 400) };
  },

  /** An article older than the range of the feeds is checked at its own address. */
  async isDeleted({ key }, { get }) {
    return URL.canParse(key) && (await get(key, { robots: true, retries: 0 })).state === 'gone';
  },
});

function feedsOf({ endpoint, config }: SourceContext<Config>): readonly Feed[] {
  const home = endpoint ?? 'https://note.com';
  return [
    ...config.creators.map((creator) => ({ url: `${home}/${creator}/rss`, creator })),
    ...config.magazines.map(({ creator, magazine }) => ({
      url: `${home}/${creator}/m/${magazine}/rss`,
      creator: null,
    })),
  ];
}

/**
 * No feed if none has changed, otherwise all of them, so that missing articles are known to be missing.
 * @throws if no feed can be read, or if the source asks to wait
 */
async function readFeeds(
  context: SourceContext<Config>,
  cursor: Cursor,
): Promise<{ read: readonly ReadFeed[]; failed: readonly FailedFeed[]; next: Cursor }> {
  const feeds = feedsOf(context);
  const next: Record<string, Validators> = {};
  const read: ReadFeed[] = [];
  const failed: FailedFeed[] = [];
  const unchanged: Feed[] = [];
  async function take(feed: Feed, validators: Validators | undefined): Promise<void> {
    try {
      const got = await readOne(context, feed, validators);
      if (got === 'not_modified') unchanged.push(feed);
      else {
        read.push({ ...feed, ...got.feed });
        next[feed.url] = got.validators;
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof SourceUnavailable && error.until !== null) throw error;
      failed.push({ ...feed, error });
    }
  }
  for (const feed of feeds) await take(feed, cursor[feed.url]);
  if (failed.length === feeds.length) throw failed[0]?.error;
  if (unchanged.length === feeds.length) return { read: [], failed: [], next: cursor };
  for (const feed of [...unchanged]) await take(feed, undefined);
  return { read, failed, next };
}

async function readOne({ get }: SourceContext<Config>, { url }: Feed, validators: Validators | undefined) {
  const where = new URL(url).pathname;
  const got = await get(url, { robots: true, maxBytes: maxFeed, ...(validators && { validators }) });
  if (got.state === 'not_modified') return got.state;
  if (got.state === 'gone') throw new SourceError(`the feed ${where} does not exist`);
  try {
    const module = new URL('../readers/read-feed.ts', import.meta.url);
    return { feed: await runIsolated<ParsedFeed>(module, 'readFeed', got.bytes), validators: got.validators };
  } catch (error) {
    throw error instanceof SourceError
      ? new SourceError(`the feed ${where} ${error.message}`, { cause: error })
      : error;
  }
}

function problemOf({ url, error }: FailedFeed): string {
  const { pathname } = new URL(url);
  if (!(error instanceof SourceError)) return `the feed ${pathname} cannot be read`;
  return error.message.startsWith('the feed ') ? error.message : `the feed ${pathname} ${error.message}`;
}

function failedItem(feed: FailedFeed): ListedItem {
  const held: HeldArticle = { problem: problemOf(feed), title: null, html: '', creator: null };
  return { key: feed.url, version: null, uri: feed.url, held };
}

/** A magazine has articles of any author. */
function mayHold({ url, creator }: FailedFeed, { key }: KnownItem): boolean {
  return key === url || (!isFeed(key) && (creator === null || authorOf(key) === creator));
}

function isFeed(key: string): boolean {
  return /^https?:\/\/.*\/rss$/.test(key);
}

function authorOf(key: string): string | undefined {
  return URL.canParse(key) ? new URL(key).pathname.split('/')[1] : undefined;
}

function listed(item: FeedItem): ListedItem {
  const { key, version, link, publishedAt, problem, title, html, creator } = item;
  const held: HeldArticle = { problem, title, html, creator };
  return { key, version, uri: link ?? key, held, ...(publishedAt !== null && { publishedAt }) };
}

/** Whether the feed would contain the article if it still existed. A feed that can never contain it says so too. */
function covers(
  { creator, items, complete }: ReadFeed,
  { key, publishedAt }: KnownItem,
  { feedItems }: Config,
): boolean {
  if (isFeed(key)) return true;
  const author = authorOf(key);
  if (creator !== null && author !== undefined && author !== creator) return true;
  if (!complete) return false;
  if (items.length < feedItems) return true;
  const times = items.map((item) => item.publishedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return (
    publishedAt !== null && publishedAt.getTime() > Math.min(...times.filter(Number.isFinite), Number.POSITIVE_INFINITY)
  );
}
