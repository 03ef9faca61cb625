/** SOURCE youtube: captions of the videos of channels and playlists, from the YouTube Data API v3. */
import { z } from 'zod';
import { refuseFailedRoot } from '../failed-roots.ts';
import { chooseTrack, type Track, track } from '../google/youtube/choose-track.ts';
import { type Listed, listVideos } from '../google/youtube/list-videos.ts';
import { fetchVideo, metadataOf, type Video } from '../google/youtube/video.ts';
import { openYouTube, type YouTube } from '../google/youtube/youtube-api.ts';
import { definePlugin } from '../plugin.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';

type Config = Listed & {
  readonly languages: readonly string[];
  readonly automaticCaptions: boolean;
  readonly since: string | null;
};

const trackList = z.object({ items: z.array(z.unknown()) });
const language = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/;

export default definePlugin<Config>({
  version: '1.0.0',
  configuration: (z) =>
    z
      .strictObject({
        channels: z
          .array(
            z
              .string()
              .regex(/^(?:UC[\w-]{22}|@[^\s/?&#]{1,100})$/, 'is neither the id of a channel (UC…) nor its handle (@…)'),
          )
          .max(200)
          .default([]),
        playlists: z
          .array(z.string().regex(/^[\w-]{2,100}$/, 'is not the id of a playlist'))
          .max(200)
          .default([]),
        /** In order of preference. Empty: the spoken language, else any. */
        languages: z
          .array(z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language such as ja or en-GB'))
          .max(20)
          .default([]),
        /** Whether to use automatic captions in a language without written ones. */
        automaticCaptions: z.boolean().default(true),
        /** Whether to include unlisted videos. */
        unlisted: z.boolean().default(false),
        /** Excludes videos published before this day. */
        since: z.iso.date().nullable().default(null),
        /** Interval for reading captions again, whose changes the API does not report. Days. Null: only when the video changes. */
        captionsAgainDays: z.int().min(1).max(3_650).nullable().default(90),
      })
      .refine(
        ({ channels, playlists }) => channels.length + playlists.length > 0,
        'names neither channels nor playlists',
      ),
  metadata: { license: 'all_rights_reserved', acquisitionMethod: 'api_fetch' },

  list: (context, cursor) => listVideos(openYouTube(context), context.config, context, cursor),

  filter: ({ publishedAt }, { config: { since } }) =>
    since === null || publishedAt === undefined || publishedAt >= new Date(since),

  async fetch(item, context) {
    refuseFailedRoot(item);
    const { key, held } = item;
    const youtube = openYouTube(context);
    const video = (held as Video | undefined) ?? (await fetchVideo(youtube, key));
    if (video === 'gone') return 'gone';
    const metadata = metadataOf(video);
    const chosen = await trackOf(youtube, video, context.config);
    if (chosen === 'gone') return 'gone';
    if (chosen === null) return { body: '', format: 'text', metadata };
    const body = await youtube.download(`captions/${encodeURIComponent(chosen.id)}`, { tfmt: 'vtt' });
    if (body === 'gone') throw new SourceError('has captions that were deleted while it was read');
    const spoken = chosen.snippet.language.toLowerCase();
    return { body, format: 'vtt', metadata: { ...metadata, ...(language.test(spoken) && { language: spoken }) } };
  },

  search: (query, limit, { searchSynced }) => searchSynced(query, limit),

  /** Costs one unit of the daily quota. */
  async health(context) {
    const { channels, playlists } = context.config;
    const [channel = '', playlist = ''] = [channels[0], playlists[0]];
    const which = channel.startsWith('@') ? { forHandle: channel } : { id: channel };
    try {
      const youtube = openYouTube(context);
      if (channel !== '') await youtube.getJson('channels', { part: 'id', ...which });
      else await youtube.getJson('playlists', { part: 'id', id: playlist });
    } catch (error) {
      // The source works; syncs continue when the quota is reset.
      if (error instanceof SourceUnavailable && error.until !== null) return { degraded: error.message };
      throw error;
    }
    return undefined;
  },
});

/** Null: no track may be read. */
async function trackOf(youtube: YouTube, video: Video, config: Config): Promise<Track | 'gone' | null> {
  const { languages, automaticCaptions } = config;
  // `caption` ignores automatic captions. If only written ones count, "false" saves the request.
  if (!automaticCaptions && video.contentDetails.caption === 'false') return null;
  const answer = await youtube.getJson('captions', { part: 'snippet', videoId: video.id });
  if (answer.state !== 'got') return 'gone';
  const items = trackList.safeParse(answer.body).data?.items;
  if (items === undefined) throw new SourceError('did not return a list of captions');
  const tracks = items.flatMap((each) => track.safeParse(each).data ?? []);
  const spoken = video.snippet.defaultAudioLanguage ?? null;
  return chooseTrack(tracks, { languages, automatic: automaticCaptions, spoken });
}
