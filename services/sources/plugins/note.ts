/** SOURCE note: articles of note.com, by the public RSS of creators and magazines. */
import type { KnownItem } from '../../provenance/source.ts';
import type { Validators } from '../http/get.ts';
import { definePlugin, type ListedItem, type SourceContext } from '../plugin.ts';
import { type FeedItem, readFeed } from '../readers/read-feed.ts';
import { SourceError } from '../source-error.ts';

type Config = {
  readonly creators: readonly string[];
  readonly magazines: readonly { readonly creator: string; readonly magazine: string }[];
  readonly since: string | null;
  readonly feedItems: number;
};

/** What is remembered of the last listing: the validators of each feed, by its address. */
type Cursor = Readonly<Record<string, Validators>>;

/** What `held` is of an article. */
type HeldArticle = Pick<FeedItem, 'problem' | 'title' | 'html' | 'creator'>;

type Feed = { readonly url: string; readonly creator: string | null };
type ReadFeed = Feed & { readonly items: readonly FeedItem[] };

const id = /^[A-Za-z0-9_-]{1,100}$/;

export default definePlugin<Config>({
  version: '1.0.0',
  configuration: (z) => {
    const name = z.string().regex(id, 'is none of the ids that stand in the addresses of note.com');
    return z
      .strictObject({
        creators: z.array(name).max(200).default([]),
        magazines: z
          .array(z.strictObject({ creator: name, magazine: name }))
          .max(200)
          .default([]),
        /** Articles from before this day are not wanted. */
        since: z.iso.date().nullable().default(null),
        /** Articles that a feed shows at most: one that shows fewer shows all there are. */
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
    // What the other feeds told has been taken in; without this one nobody knows what is gone.
    if (failed !== null) throw failed;
    return {
      cursor: next,
      covers: read.length === 0 ? 'none' : (item) => read.every((feed) => covers(feed, item, context.config)),
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
    const [first] = feedsOf(context);
    if (first) await readOne(context, first, undefined);
    return undefined;
  },

  /** Older than what the feeds show: its own page tells. */
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

/** None, where no feed has changed; else all, so that what is missing from them is known to be. */
async function readFeeds(
  context: SourceContext<Config>,
  cursor: Cursor,
): Promise<{ read: readonly ReadFeed[]; failed: unknown; next: Cursor }> {
  const feeds = feedsOf(context);
  const next: Record<string, Validators> = {};
  const read: ReadFeed[] = [];
  const unchanged: Feed[] = [];
  let failed: unknown = null;
  async function take(feed: Feed, validators: Validators | undefined): Promise<void> {
    try {
      const got = await readOne(context, feed, validators);
      if (got === 'not_modified') unchanged.push(feed);
      else {
        read.push({ ...feed, items: got.items });
        next[feed.url] = got.validators;
      }
    } catch (error) {
      context.signal.throwIfAborted();
      failed ??= error;
    }
  }
  for (const feed of feeds) await take(feed, cursor[feed.url]);
  if (unchanged.length === feeds.length) return { read: [], failed: null, next: cursor };
  for (const feed of unchanged) await take(feed, undefined);
  return { read, failed, next };
}

async function readOne({ get }: SourceContext<Config>, { url }: Feed, validators: Validators | undefined) {
  const where = new URL(url).pathname;
  const got = await get(url, { robots: true, ...(validators && { validators }) });
  if (got.state === 'not_modified') return got.state;
  if (got.state === 'gone') throw new SourceError(`the feed ${where} is not there`);
  try {
    return { items: readFeed(got.bytes), validators: got.validators };
  } catch (error) {
    throw error instanceof SourceError
      ? new SourceError(`the feed ${where} ${error.message}`, { cause: error })
      : error;
  }
}

function listed(item: FeedItem): ListedItem {
  const { key, version, link, publishedAt, problem, title, html, creator } = item;
  const held: HeldArticle = { problem, title, html, creator };
  return { key, version, uri: link ?? key, held, ...(publishedAt !== null && { publishedAt }) };
}

/** Whether the feed would show the article if it were still there. One that would never show it says so too. */
function covers({ creator, items }: ReadFeed, { key, publishedAt }: KnownItem, { feedItems }: Config): boolean {
  const author = URL.canParse(key) ? new URL(key).pathname.split('/')[1] : undefined;
  if (creator !== null && author !== undefined && author !== creator) return true;
  if (items.length < feedItems) return true;
  const times = items.map((item) => item.publishedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return (
    publishedAt !== null && publishedAt.getTime() > Math.min(...times.filter(Number.isFinite), Number.POSITIVE_INFINITY)
  );
}
