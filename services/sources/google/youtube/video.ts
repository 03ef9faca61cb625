/** The metadata of a video: https://developers.google.com/youtube/v3/docs/videos#resource */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ContentMetadata } from '../../ingest/content-metadata.ts';
import { SourceError } from '../../source-error.ts';
import type { YouTube } from './youtube-api.ts';

export const videoId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const video = z.object({
  id: videoId,
  snippet: z.object({
    title: z.string().min(1),
    publishedAt: z.iso.datetime({ offset: true }),
    channelTitle: z.string().optional(),
    defaultAudioLanguage: z.string().optional(),
    liveBroadcastContent: z.string().optional(),
  }),
  contentDetails: z.object({ duration: z.string().optional(), caption: z.string().optional() }),
  status: z.object({ privacyStatus: z.string(), license: z.string().optional() }),
});

export type Video = z.output<typeof video>;

/** The parts that {@link readVideo} needs. */
export const videoParts = 'snippet,contentDetails,status';

/** Null: it does not match the schema. */
export function readVideo(reply: unknown): Video | null {
  return video.safeParse(reply).data ?? null;
}

/** Public, or unlisted if those are wanted, and not a live broadcast that is running or planned. */
export function isOpen({ snippet, status }: Video, unlisted: boolean): boolean {
  const open = status.privacyStatus === 'public' || (unlisted && status.privacyStatus === 'unlisted');
  return open && (snippet.liveBroadcastContent ?? 'none') === 'none';
}

/** Covers only the stored fields: changes of the description, counts and images would cost a download each. */
export function versionOf({ snippet, contentDetails, status }: Video): string {
  const { title, publishedAt, channelTitle, defaultAudioLanguage } = snippet;
  const { duration, caption } = contentDetails;
  const reply = [title, publishedAt, channelTitle, defaultAudioLanguage, duration, caption, status.license];
  return createHash('sha256').update(JSON.stringify(reply)).digest('base64url').slice(0, 16);
}

/** The standard YouTube licence grants no rights, so the row states the licence. Creative Commons on YouTube is CC BY. */
export function metadataOf({ snippet, status }: Video): ContentMetadata {
  const rightsHolder = snippet.channelTitle?.trim() ?? '';
  return {
    title: snippet.title,
    publishedAt: new Date(snippet.publishedAt),
    ...(rightsHolder !== '' && { rightsHolder }),
    ...(status.license === 'creativeCommon' && { license: 'cc_by' as const }),
  };
}

/** One video by itself. @throws {SourceError} */
export async function fetchVideo(youtube: YouTube, id: string): Promise<Video | 'gone'> {
  const answer = await youtube.getJson('videos', { part: videoParts, id });
  if (answer.state !== 'got') return 'gone';
  const items = z.object({ items: z.array(z.unknown()) }).safeParse(answer.body).data?.items;
  if (items === undefined) throw new SourceError('did not return a list of videos');
  if (items.length === 0) return 'gone';
  const read = readVideo(items[0]);
  if (read === null) throw new SourceError('has a form that cannot be read');
  return read;
}
