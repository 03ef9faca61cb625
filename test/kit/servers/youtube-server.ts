/**
 * A mock of YouTube: the Data API v3 and the OAuth token endpoint, as documented:
 * https://developers.google.com/youtube/v3/docs (channels, playlistItems, videos, captions: list; captions: download; errors),
 * https://developers.google.com/identity/protocols/oauth2/web-server#offline. All videos are made up.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startWebServer, type WebServer } from './web-server.ts';

export type TestTrack = {
  readonly id: string;
  readonly language: string;
  readonly kind: 'standard' | 'ASR' | 'forced';
  readonly vtt: string;
};

export type TestVideo = {
  readonly id: string;
  readonly title: string;
  readonly publishedAt: string;
  readonly license: 'youtube' | 'creativeCommon';
  readonly privacy: 'public' | 'unlisted' | 'private';
  readonly live: 'none' | 'live' | 'upcoming';
  readonly tracks: readonly TestTrack[];
};

/** Handles a request instead of the server, or returns 'answer' to let the server reply. */
type Fault = (request: { path: string; url: URL }, response: ServerResponse, body: Buffer) => 'answered' | 'answer';

export type YouTubeServer = WebServer & {
  /** The uploads of the channel, newest first, including private ones. */
  videos: readonly TestVideo[];
  injectFault: Fault;
  /** Remaining quota units. */
  quota: number;
  /** Valid access tokens. */
  readonly tokens: Set<string>;
  refreshToken: string;
  /** Requests as `METHOD name`, where the name is a path without ids. */
  readonly counts: Map<string, number>;
};

export const channel = 'UC_x5XG1OV2P6uZZ5FSM9Ttw';
const uploads = channel.replace(/^UC/, 'UU');
const costs: Readonly<Record<string, number>> = { captions: 50, download: 200 };

export async function startYouTubeServer(): Promise<YouTubeServer> {
  const state: Omit<YouTubeServer, keyof WebServer> = {
    videos: [],
    injectFault: () => 'answer',
    quota: Number.POSITIVE_INFINITY,
    tokens: new Set(),
    refreshToken: 'refresh-1',
    counts: new Map(),
  };

  const indexed = new WeakMap<readonly TestVideo[], ReadonlyMap<string, TestVideo>>();

  const server = await startWebServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://youtube');
    if (url.pathname === '/token') return answerToken(request, response);
    const [, , , path = '', id] = url.pathname.split('/');
    const name = path === 'captions' && id !== undefined ? 'download' : path;
    state.counts.set(name, (state.counts.get(name) ?? 0) + 1);
    const { status, body, type } = answerOf(name, id ?? '', url.searchParams, request.headers.authorization ?? '');
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    if (state.injectFault({ path: name, url }, response, bytes) === 'answered') return;
    if (status !== 200) return void response.writeHead(status, { 'content-type': type }).end(bytes);
    const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    response.writeHead(200, { 'content-type': type, etag }).end(bytes);
  });

  async function answerToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    state.counts.set('token', (state.counts.get('token') ?? 0) + 1);
    const good =
      request.method === 'POST' &&
      form.get('grant_type') === 'refresh_token' &&
      form.get('client_id') === 'client-7' &&
      form.get('client_secret') === 'secret-7' &&
      form.get('refresh_token') === state.refreshToken;
    const json = { 'content-type': 'application/json' };
    if (!good) {
      const refused = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' };
      return void response.writeHead(400, json).end(JSON.stringify(refused));
    }
    const token = `ya29.token-${state.counts.get('token')}`;
    state.tokens.add(token);
    const granted = {
      access_token: token,
      expires_in: 3599,
      scope: 'https://www.googleapis.com/auth/youtube.force-ssl',
      token_type: 'Bearer',
    };
    response.writeHead(200, json).end(JSON.stringify(granted));
  }

  function answerOf(name: string, id: string, asked: URLSearchParams, authorization: string) {
    const type = 'application/json; charset=UTF-8';
    const refuse = (status: number, reason: string, domain = 'youtube') => ({
      status,
      type,
      body: googleError(status, reason, domain),
    });
    if (!state.tokens.has(authorization.replace(/^Bearer /, ''))) return refuse(401, 'authError', 'global');
    const cost = costs[name] ?? 1;
    if (state.quota < cost) return refuse(403, 'quotaExceeded', 'youtube.quota');
    state.quota -= cost;
    const got = (body: unknown, as = type) => ({ status: 200, type: as, body });
    if (name === 'channels') {
      const there = asked.get('id') === channel || asked.get('forHandle') === '@GoogleDevelopers';
      const item = {
        kind: 'youtube#channel',
        id: channel,
        contentDetails: { relatedPlaylists: { likes: '', uploads } },
      };
      return got({
        kind: 'youtube#channelListResponse',
        pageInfo: { totalResults: 1, resultsPerPage: 5 },
        ...(there && { items: [item] }),
      });
    }
    if (name === 'playlistItems') {
      if (asked.get('playlistId') !== uploads) return refuse(404, 'playlistNotFound', 'youtube.playlistItem');
      return got(page(asked));
    }
    if (name === 'videos') {
      const ids = new Set(asked.get('id')?.split(','));
      if (ids.size > 50) return refuse(400, 'invalidFilters', 'youtube.parameter');
      const items = [...ids]
        .flatMap((each) => byId().get(each) ?? [])
        .filter(({ privacy }) => privacy !== 'private')
        .map(videoResource);
      return got({
        kind: 'youtube#videoListResponse',
        items,
        pageInfo: { totalResults: items.length, resultsPerPage: items.length },
      });
    }
    if (name === 'captions') {
      const video = state.videos.find((each) => each.id === asked.get('videoId'));
      if (video === undefined) return refuse(404, 'videoNotFound', 'youtube.caption');
      return got({
        kind: 'youtube#captionListResponse',
        items: video.tracks.map((track) => captionResource(video, track)),
      });
    }
    const track = state.videos.flatMap(({ tracks }) => tracks).find((each) => each.id === id);
    if (name !== 'download' || track === undefined) return refuse(404, 'captionNotFound', 'youtube.caption');
    if (asked.get('tfmt') !== 'vtt') return refuse(400, 'couldNotConvert', 'youtube.caption');
    return got(track.vtt, 'application/octet-stream');
  }

  /** Rebuilt when a test sets other videos. */
  function byId(): ReadonlyMap<string, TestVideo> {
    const known = indexed.get(state.videos) ?? new Map(state.videos.map((each) => [each.id, each]));
    return indexed.set(state.videos, known).get(state.videos) ?? known;
  }

  function page(asked: URLSearchParams) {
    const size = Number(asked.get('maxResults') ?? 5);
    const from = Number(Buffer.from(asked.get('pageToken') ?? '', 'base64url').toString() || 0);
    const items = state.videos.slice(from, from + size).map(({ id }) => ({
      kind: 'youtube#playlistItem',
      id: `UEx${id}`,
      contentDetails: { videoId: id },
    }));
    const more = from + size < state.videos.length;
    return {
      kind: 'youtube#playlistItemListResponse',
      ...(more && { nextPageToken: Buffer.from(String(from + size)).toString('base64url') }),
      items,
      pageInfo: { totalResults: state.videos.length, resultsPerPage: size },
    };
  }

  return Object.assign(state, server);
}

/** https://developers.google.com/youtube/v3/docs/errors */
export function googleError(status: number, reason: string, domain: string) {
  const message = 'Text of Google that is not passed on.';
  return { error: { code: status, message, errors: [{ message, domain, reason }] } };
}

function videoResource({ id, title, publishedAt, license, privacy, live, tracks }: TestVideo) {
  return {
    kind: 'youtube#video',
    id,
    snippet: {
      publishedAt,
      channelId: channel,
      title,
      description: 'A description that is not read.',
      channelTitle: '海の学校',
      categoryId: '27',
      liveBroadcastContent: live,
      defaultAudioLanguage: 'ja',
    },
    contentDetails: { duration: 'PT1M23S', caption: String(tracks.some(({ kind }) => kind === 'standard')) },
    status: { uploadStatus: 'processed', privacyStatus: privacy, license, embeddable: true },
  };
}

function captionResource(video: TestVideo, { id, language, kind }: TestTrack) {
  return {
    kind: 'youtube#caption',
    id,
    snippet: {
      videoId: video.id,
      lastUpdated: '2026-03-07T04:05:06.789Z',
      trackKind: kind,
      language,
      name: '',
      isDraft: false,
      status: 'serving',
    },
  };
}

/** @param at its number; each is a day older than the previous one */
export function video(at: number, values: Partial<TestVideo> = {}): TestVideo {
  const id = `v${String(at).padStart(10, '0')}`;
  return {
    id,
    title: `第${at}回 潮の話`,
    publishedAt: new Date(Date.UTC(2026, 2, 7) - at * 86_400_000).toISOString().replace('.000Z', 'Z'),
    license: 'youtube',
    privacy: 'public',
    live: 'none',
    tracks: [
      {
        id: `track-${at}`,
        language: 'ja',
        kind: 'standard',
        vtt: vtt([83.4, 86, `第${at}回です。`], [86, 90, '潮は月に引かれて満ちます。']),
      },
    ],
    ...values,
  };
}

export function vtt(...captions: readonly (readonly [start: number, end: number, text: string])[]): string {
  const time = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(11, 23);
  const cues = captions.map(([start, end, text]) => `${time(start)} --> ${time(end)}\n${text}\n`);
  return `WEBVTT\nKind: captions\nLanguage: ja\n\n${cues.join('\n')}`;
}
