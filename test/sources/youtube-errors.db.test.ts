/** Errors of YouTube, as in https://developers.google.com/youtube/v3/docs/errors, and of the network. */
import { expect, test } from 'vitest';
import { googleError, video } from '../kit/servers/youtube-server.ts';
import { sync } from '../kit/sources/source.ts';
import { youtubeSource } from '../kit/sources/youtube-source.ts';

const { db, youtube, deps, youtubeRow, titles } = await youtubeSource();

test('an expired token is renewed once for all requests', async () => {
  youtube.videos = Array.from({ length: 9 }, (_, at) => video(at));
  let expired = false;
  youtube.injectFault = ({ path }) => {
    if (path !== 'download' || expired) return 'answer';
    expired = true;
    youtube.tokens.clear();
    return 'answer';
  };
  expect(await sync(deps, await youtubeRow())).toMatchObject({ counts: { created: 9, failed: 0 } });
  // One for the health check, one for the sync, one renewal.
  expect(youtube.counts.get('token')).toBe(3);
});

test('a revoked refresh token ends the sync with what to do, and without quoting the token', async () => {
  youtube.refreshToken = 'another';
  const { error } = await sync(deps, await youtubeRow());
  expect(error).toContain('rejects its credentials (400 invalid_grant)');
  expect(error).not.toMatch(/secret-7|refresh-1|Text of Google/);
});

test('an exhausted quota ends the sync without failing any video; the sync continues with the next day’s quota', async () => {
  youtube.videos = Array.from({ length: 9 }, (_, at) => video(at));
  youtube.quota = 1_500;
  const row = await youtubeRow();
  const first = await sync(deps, row);
  expect(first).toMatchObject({ state: 'failed', failures: [] });
  // Midnight in California, on the day that daylight saving time starts.
  expect(first.error).toContain('has used up its quota, which is reset at 2026-03-09T07:00:00.000Z');
  const taken = (await titles()).length;
  expect(taken).toBeGreaterThanOrEqual(3);
  expect(await db.query(`select outcome, created, failed, not_before from source_sync`)).toEqual([
    { outcome: 'failed', created: taken, failed: 0, not_before: new Date('2026-03-09T07:00:00Z') },
  ]);
  expect(await db.query('select key from source_item where failure is not null')).toEqual([]);
  youtube.quota = 10_000;
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 9 - taken, unchanged: taken, failed: 0 } });
  expect(await db.query('select not_before from source_sync')).toEqual([{ not_before: null }]);
});

test('rate limits, 429 with Retry-After and 500 are retried', async () => {
  const script = [
    [403, 'rateLimitExceeded'],
    [429, 'rateLimitExceeded'],
    [500, 'backendError'],
  ] as const;
  let next = 0;
  youtube.injectFault = ({ path }, response) => {
    const step = path === 'videos' ? script[next++] : undefined;
    if (step === undefined) return 'answer';
    const [status, reason] = step;
    response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {});
    response.end(JSON.stringify(googleError(status, reason, 'usageLimits')));
    return 'answered';
  };
  const start = performance.now();
  expect(await sync(deps, await youtubeRow())).toMatchObject({ counts: { created: 3, failed: 0 } });
  expect(performance.now() - start).toBeGreaterThanOrEqual(990);
});

const broken: Record<string, typeof youtube.injectFault> = {
  'a truncated response': (_, response, body) => {
    response.writeHead(200, { 'content-length': String(body.length) });
    response.write(body.subarray(0, 90), () => response.destroy());
    return 'answered';
  },
  'no JSON': (_, response) => {
    response.end('<html>Sorry</html>');
    return 'answered';
  },
  'unexpected JSON': (_, response) => {
    response.end('{"items":{}}');
    return 'answered';
  },
  'an error': (_, response) => {
    response.writeHead(500).end();
    return 'answered';
  },
  'a redirect to a private address': (_, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:1/youtube/v3/videos' }).end();
    return 'answered';
  },
  'a circular page token': (_, response, body) => {
    response.end(JSON.stringify({ ...JSON.parse(body.toString()), nextPageToken: 'again' }));
    return 'answered';
  },
};

test.each(Object.entries(broken))(
  'a list with this fault removes nothing, and the sync fails: %s',
  async (_, injectFault) => {
    const row = await youtubeRow();
    await sync(deps, row);
    youtube.videos = [video(1), video(7)];
    youtube.injectFault = (request, response, body) =>
      request.path === 'playlistItems' ? injectFault(request, response, body) : 'answer';
    expect((await sync(deps, row)).state).toBe('failed');
    expect(await titles()).toEqual(expect.arrayContaining(['第1回 潮の話', '第2回 潮の話', '第3回 潮の話']));
  },
);

test('empty, truncated and forbidden captions are reported with the reason, and the others are ingested', async () => {
  youtube.videos = [1, 2, 3, 4, 5].map((at) => video(at));
  const what: Record<string, typeof youtube.injectFault> = {
    'track-1': (_, response) => {
      response.end('<html>Sign in</html>');
      return 'answered';
    },
    'track-2': (_, response, body) => {
      response.writeHead(200, { 'content-length': String(body.length + 9) });
      response.write(body, () => response.destroy());
      return 'answered';
    },
    'track-3': (_, response) => {
      response.writeHead(403).end(JSON.stringify(googleError(403, 'forbidden', 'youtube.caption')));
      return 'answered';
    },
  };
  youtube.injectFault = (request, response, body) =>
    what[request.url.pathname.split('/').at(-1) ?? '']?.(request, response, body) ?? 'answer';
  const row = await youtubeRow();
  const { state, counts, failures } = await sync(deps, row);
  expect({ state, counts }).toMatchObject({ state: 'succeeded', counts: { created: 2, failed: 3 } });
  expect(failures.toSorted()).toEqual([
    expect.stringMatching(/^cannot be reached \(/),
    'is not WebVTT: its first line is not WEBVTT',
    'refuses to be read (403 forbidden); check the rights of its account',
  ]);
  // Captions that cannot be read until the video changes use no quota again.
  youtube.injectFault = () => 'answer';
  youtube.counts.clear();
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 1, unchanged: 4, failed: 0 } });
  expect(youtube.counts.get('download')).toBe(1);
});

test('loopback addresses are not requested unless the source allows them', async () => {
  expect((await sync(deps, await youtubeRow({ allowedHosts: [] }))).error).toContain('which is refused');
  expect(youtube.asked).toEqual([]);
});
