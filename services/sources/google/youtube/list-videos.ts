/** Lists the videos of channels and playlists, with a conditional request for each page: https://developers.google.com/youtube/v3/docs/playlistItems/list */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { createFailedRoots } from '../../failed-roots.ts';
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

/** The ETag and the parsed result of each response, by the hash of the request. */
const cursorShape = z.record(z.string(), z.object({ etag: z.string(), reply: z.unknown() }));
type Cursor = z.output<typeof cursorShape>;

/** Id, version and publication time; null: the video does not match the schema and is fetched by itself. */
const videoEntries = z.array(z.tuple([z.string(), z.string().nullable(), z.string().nullable()]));
type VideoEntries = z.output<typeof videoEntries>;

const channelList = z.object({
  items: z
    .array(z.object({ contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string().min(1) }) }) }))
    .default([]),
});
const itemList = z.object({
  items: z.array(z.object({ contentDetails: z.object({ videoId }) })),
  nextPageToken: z.string().optional(),
});
const pageShape = z.object({ ids: z.array(z.string()), next: z.string().nullable() });
const videoList = z.object({ items: z.array(z.looseObject({ id: videoId })) });

const day = 86_400_000;

/** @throws {SourceError} if no channel and no playlist can be read */
export async function* listVideos(
  youtube: YouTube,
  { channels, playlists, unlisted, captionsAgainDays }: Listed,
  { now }: Pick<SourceContext<unknown>, 'now'>,
  previousCursor: unknown,
): AsyncGenerator<ListedItem, Listing> {
  const before: Cursor = cursorShape.safeParse(previousCursor).data ?? {};
  const cursor: Cursor = {};
  /** The videos of the current page, for `fetch`; not part of the cursor. */
  const held = new Map<string, Video>();

  /** The result of `read`, or the stored one if the response has not changed. */
  async function reply<T>(
    path: string,
    parameters: Parameters,
    shape: z.ZodType<T>,
    read: (body: unknown) => T,
  ): Promise<T | 'gone'> {
    const request = createHash('sha256')
      .update(JSON.stringify([path, parameters]))
      .digest('base64url')
      .slice(0, 22);
    const known = before[request];
    const same = known === undefined ? undefined : shape.safeParse(known.reply).data;
    const response = await youtube.getJson(path, parameters, same === undefined ? undefined : known?.etag);
    if (response.state === 'gone') return 'gone';
    if (response.state === 'not_modified') {
      if (known === undefined || same === undefined) throw new SourceError('answered 304 to an unconditional request');
      cursor[request] = known;
      return same;
    }
    const result = read(response.body);
    if (response.etag !== null) cursor[request] = { etag: response.etag, reply: result };
    return result;
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
      const parameters = { part: 'contentDetails', playlistId: playlist, maxResults: '50', ...at };
      const page: z.output<typeof pageShape> | 'gone' = await reply('playlistItems', parameters, pageShape, read);
      if (page === 'gone') throw new SourceError(`the playlist ${playlist} does not exist`);
      yield page.ids;
      if (page.next === null) return;
      if (tokens.has(page.next)) throw new SourceError(`the playlist ${playlist} has pages that lead in circles`);
      tokens.add(page.next);
      pageToken = page.next;
    }
  }

  const readVideos = (body: unknown): VideoEntries =>
    parsed(videoList, body).items.flatMap((item): VideoEntries => {
      const video = readVideo(item);
      if (video === null) return [[item.id, null, null]];
      if (!isOpen(video, unlisted)) return [];
      held.set(video.id, video);
      return [[video.id, versionOf(video), video.snippet.publishedAt]];
    });

  const seen = new Set<string>();
  async function* videosOf(playlist: string): AsyncGenerator<ListedItem, void> {
    if (seen.has(playlist)) return;
    seen.add(playlist);
    for await (const ids of pagesOf(playlist)) {
      if (ids.length === 0) continue;
      held.clear();
      // Playlists keep private and deleted videos; this response omits them.
      const videos = await reply('videos', { part: videoParts, id: ids.join(',') }, videoEntries, readVideos);
      if (videos === 'gone') throw new SourceError('did not return its videos');
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
  async function* videosOfChannel(channel: string): AsyncGenerator<ListedItem, void> {
    yield* videosOf(await uploadsOf(channel));
  }

  const roots = createFailedRoots();
  const home = 'https://www.youtube.com';
  for (const channel of channels) {
    const path = channel.startsWith('@') ? channel : `channel/${channel}`;
    yield* roots.list(channel, `${home}/${path}`, videosOfChannel(channel));
  }
  for (const playlist of playlists)
    yield* roots.list(playlist, `${home}/playlist?list=${playlist}`, videosOf(playlist));
  return yield* roots.end({ cursor, covers: 'all' });
}

/** Ages in days at which captions are read again: automatic captions appear hours after the video, corrections soon after them. */
const young = [1, 7];

/** The API does not report new or corrected captions, so they are read again at intervals; a hash spreads the videos over the days. */
function round(id: string, publishedAt: string | null, days: number | null, now: Date): string {
  if (days === null) return '';
  const own = createHash('sha256').update(id).digest().readUInt32BE(0) % days;
  const age = publishedAt === null ? 0 : (now.getTime() - Date.parse(publishedAt)) / day;
  return `${young.filter((each) => age >= each).length}.${Math.floor((now.getTime() / day + own) / days)}`;
}

function parsed<T>(shape: z.ZodType<T>, body: unknown): T {
  const { data } = shape.safeParse(body);
  if (data === undefined) throw new SourceError('returned a response that does not match its documentation');
  return data;
}
