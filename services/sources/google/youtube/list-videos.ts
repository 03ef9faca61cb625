/** Lists the videos of channels and playlists, asking of each page only whether it has changed: https://developers.google.com/youtube/v3/docs/playlistItems/list */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ListedItem, Listing, SourceContext } from '../../plugin.ts';
import { SourceError } from '../../source-error.ts';
import { isOpen, readVideo, type Video, versionOf, videoId, videoParts } from './video.ts';
import type { Parameters, YouTube } from './youtube-api.ts';

export type Listed = {
  /** Ids that begin with UC, or handles that begin with @. */
  readonly channels: readonly string[];
  readonly playlists: readonly string[];
  readonly unlisted: boolean;
  readonly captionsAgainDays: number | null;
};

/** Of each answer its ETag and what was made of it, by what was asked. */
const cursorShape = z.record(z.string(), z.object({ etag: z.string(), reply: z.unknown() }));
type Cursor = z.output<typeof cursorShape>;

/** Id, version and day of publication; null: its form cannot be read, so that it is asked for by itself. */
const toldVideos = z.array(z.tuple([z.string(), z.string().nullable(), z.string().nullable()]));
type ToldVideos = z.output<typeof toldVideos>;

const channelList = z.object({
  items: z
    .array(z.object({ contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string().min(1) }) }) }))
    .default([]),
});
const itemList = z.object({
  items: z.array(z.object({ contentDetails: z.object({ videoId }) })),
  nextPageToken: z.string().optional(),
});
const toldPage = z.object({ ids: z.array(z.string()), next: z.string().nullable() });
const videoList = z.object({ items: z.array(z.looseObject({ id: videoId })) });

const day = 86_400_000;

/** @throws {SourceError} where a channel, a playlist or a page of one cannot be read: nobody knows then what is gone */
export async function* listVideos(
  youtube: YouTube,
  { channels, playlists, unlisted, captionsAgainDays }: Listed,
  { now }: Pick<SourceContext<unknown>, 'now'>,
  given: unknown,
): AsyncGenerator<ListedItem, Listing> {
  const before: Cursor = cursorShape.safeParse(given).data ?? {};
  const cursor: Cursor = {};
  /** What one page of fifty videos told of those that were held in memory: nothing of it is kept. */
  const held = new Map<string, Video>();

  /** What `read` makes of the answer, or made of it when the answer was the same. */
  async function reply<T>(
    path: string,
    parameters: Parameters,
    shape: z.ZodType<T>,
    read: (body: unknown) => T,
  ): Promise<T | 'gone'> {
    const asked = createHash('sha256')
      .update(JSON.stringify([path, parameters]))
      .digest('base64url')
      .slice(0, 22);
    const known = before[asked];
    const same = known === undefined ? undefined : shape.safeParse(known.reply).data;
    const answer = await youtube.ask(path, parameters, same === undefined ? undefined : known?.etag);
    if (answer.state === 'gone') return 'gone';
    if (answer.state === 'not_modified') {
      if (known === undefined || same === undefined) throw new SourceError('answered 304 to what it was not asked');
      cursor[asked] = known;
      return same;
    }
    const made = read(answer.body);
    if (answer.etag !== null) cursor[asked] = { etag: answer.etag, reply: made };
    return made;
  }

  async function uploadsOf(channel: string): Promise<string> {
    const which = channel.startsWith('@') ? { forHandle: channel } : { id: channel };
    const read = (body: unknown) => parsed(channelList, body).items[0]?.contentDetails.relatedPlaylists.uploads ?? null;
    const uploads = await reply('channels', { part: 'contentDetails', ...which }, z.string().nullable(), read);
    if (uploads === null || uploads === 'gone') throw new SourceError(`the channel ${channel} does not exist`);
    return uploads;
  }

  async function* pagesOf(playlist: string): AsyncGenerator<readonly string[]> {
    const tokens = new Set<string>();
    const read = (body: unknown) => {
      const { items, nextPageToken } = parsed(itemList, body);
      return { ids: [...new Set(items.map((item) => item.contentDetails.videoId))], next: nextPageToken ?? null };
    };
    for (let pageToken: string | null = null; ; ) {
      const at: Parameters = pageToken === null ? {} : { pageToken };
      const asked = { part: 'contentDetails', playlistId: playlist, maxResults: '50', ...at };
      const page: z.output<typeof toldPage> | 'gone' = await reply('playlistItems', asked, toldPage, read);
      if (page === 'gone') throw new SourceError(`the playlist ${playlist} does not exist`);
      yield page.ids;
      if (page.next === null) return;
      if (tokens.has(page.next)) throw new SourceError(`the playlist ${playlist} has pages that lead in circles`);
      tokens.add(page.next);
      pageToken = page.next;
    }
  }

  const readVideos = (body: unknown): ToldVideos =>
    parsed(videoList, body).items.flatMap((item): ToldVideos => {
      const video = readVideo(item);
      if (video === null) return [[item.id, null, null]];
      if (!isOpen(video, unlisted)) return [];
      held.set(video.id, video);
      return [[video.id, versionOf(video), video.snippet.publishedAt]];
    });

  const all = new Set(playlists);
  for (const channel of channels) all.add(await uploadsOf(channel));
  for (const playlist of all) {
    for await (const ids of pagesOf(playlist)) {
      if (ids.length === 0) continue;
      held.clear();
      // Private and deleted videos stay in playlists; here they are not told.
      const videos = await reply('videos', { part: videoParts, id: ids.join(',') }, toldVideos, readVideos);
      if (videos === 'gone') throw new SourceError('does not tell of its videos');
      for (const [id, version, publishedAt] of videos) {
        yield {
          key: id,
          version: version === null ? null : `${version}.${round(id, publishedAt, captionsAgainDays, now())}`,
          uri: `https://www.youtube.com/watch?v=${id}`,
          held: held.get(id),
          ...(publishedAt !== null && { publishedAt: new Date(publishedAt) }),
        };
      }
    }
  }
  return { cursor, covers: 'all' };
}

/** Ages in days at which captions are read again: a machine's come hours after the video, corrections soon after those. */
const young = [1, 7];

/** Nothing tells that captions have come or were corrected, so they are read again now and then, each video on a day of its own. */
function round(id: string, publishedAt: string | null, days: number | null, now: Date): string {
  if (days === null) return '';
  const own = createHash('sha256').update(id).digest().readUInt32BE(0) % days;
  const age = publishedAt === null ? 0 : (now.getTime() - Date.parse(publishedAt)) / day;
  return `${young.filter((each) => age >= each).length}.${Math.floor((now.getTime() / day + own) / days)}`;
}

function parsed<T>(shape: z.ZodType<T>, body: unknown): T {
  const { data } = shape.safeParse(body);
  if (data === undefined) throw new SourceError('answered what is not of the form that it documents');
  return data;
}
