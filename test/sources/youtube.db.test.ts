/** Syncs YouTube from a test server with the Data API v3, as in https://developers.google.com/youtube/v3/docs. */
import { expect, test } from 'vitest';
import { sourceOptions } from '../../services/jobs/sync-source.ts';
import { createRetrieve } from '../../services/postgres/search/retrieve-passages.ts';
import { checkPlugin } from '../../services/sources/check-plugin.ts';
import { openSource } from '../../services/sources/open-source.ts';
import type { ListedItem } from '../../services/sources/plugin.ts';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { channel, type TestVideo, video, vtt } from '../kit/servers/youtube-server.ts';
import { sync } from '../kit/sources/source.ts';
import { youtubeSource } from '../kit/sources/youtube-source.ts';

const { db, youtube, deps, youtubeRow, withConfig, stored, titles } = await youtubeSource();

test('the first sync ingests the captions of every video with start times, channel and licence', async () => {
  youtube.videos = [video(1), video(2), video(3, { license: 'creativeCommon' })];
  expect(await sync(deps, await youtubeRow())).toEqual({
    state: 'succeeded',
    counts: { listed: 3, created: 3, replaced: 0, unchanged: 0, removed: 0, failed: 0, skipped: 0, unusable: 0 },
    error: null,
    failures: [],
  });
  const rows = await stored();
  expect(rows[0]).toEqual({
    title: '第1回 潮の話',
    source_uri: 'https://www.youtube.com/watch?v=v0000000001',
    license_type: 'all_rights_reserved',
    rights_holder: '海の学校',
    source: 'youtube',
    language: 'ja',
    published_at: new Date('2026-03-06T00:00:00Z'),
    text: '第1回です。潮は月に引かれて満ちます。',
    start_seconds: 83,
  });
  expect(rows.map(({ license_type }) => license_type)).toEqual(['all_rights_reserved', 'all_rights_reserved', 'cc_by']);
  expect(Object.fromEntries(youtube.counts)).toEqual({
    token: 2,
    channels: 2,
    playlistItems: 1,
    videos: 1,
    captions: 3,
    download: 3,
  });
  await expectCountsToMatch(db);
});

test('a passage of a video has its start time', async () => {
  await sync(deps, await youtubeRow());
  const retrieve = createRetrieve({ pool: db.pool, remoteModel: false, commercialUse: false, now: () => new Date() });
  const requester = { userId: '', role: '', groups: [], ip: null, country: null };
  const { passages } = await retrieve({
    query: '潮は何に引かれますか',
    history: [],
    requester,
    signal: new AbortController().signal,
  });
  expect(passages[0]).toMatchObject({ startSeconds: 83, sourceUri: expect.stringContaining('youtube.com/watch?v=') });
});

test('without changes, every request returns 304, no captions are requested and nothing is written', async () => {
  const row = await youtubeRow();
  await sync(deps, row);
  const before = await db.query('select * from provenance order by id');
  youtube.counts.clear();
  youtube.asked.length = 0;
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 3, unchanged: 3, created: 0, removed: 0 } });
  expect(await db.query('select * from provenance order by id')).toEqual(before);
  expect(youtube.counts.has('captions')).toBe(false);
  expect(youtube.asked.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(3);
});

test('new, changed, deleted and newly private videos are distinguished', async () => {
  youtube.videos = [1, 2, 3, 4].map((at) => video(at));
  const row = await youtubeRow();
  await sync(deps, row);
  youtube.videos = [video(0), video(1, { title: '改題' }), video(3, { privacy: 'private' }), video(4)];
  expect(await sync(deps, row)).toMatchObject({
    counts: { listed: 3, created: 1, replaced: 1, unchanged: 1, removed: 2, failed: 0 },
  });
  expect(await titles()).toEqual(['改題', '第0回 潮の話', '第4回 潮の話']);
  expect(await db.query('select distinct reason from retention_audit')).toEqual([{ reason: 'gone_at_source' }]);
  await expectCountsToMatch(db);
});

test('corrected captions are found at the scheduled recheck, without using quota earlier', async () => {
  const row = await withConfig({ captionsAgainDays: 30 });
  await sync(deps, row);
  const [track] = video(1).tracks;
  if (track === undefined) throw new Error('the video has no track');
  const corrected = video(1, { tracks: [{ ...track, vtt: vtt([7, 9, '書き直しました。']) }] });
  youtube.videos = [corrected, video(2), video(3)];
  youtube.counts.clear();
  expect(await sync(deps, row)).toMatchObject({ counts: { unchanged: 3 } });
  expect(youtube.counts.has('download')).toBe(false);
  const later = { ...deps, now: () => new Date('2026-04-07T20:00:00Z') };
  expect(await sync(later, row)).toMatchObject({ counts: { replaced: 1, unchanged: 2, failed: 0 } });
  expect((await stored())[0]).toMatchObject({ text: '書き直しました。', start_seconds: 7 });
});

test('automatic captions that appear a day after the video are found then', async () => {
  const { tracks } = video(-1);
  youtube.videos = [video(-1, { tracks: [] })];
  const row = await withConfig({ captionsAgainDays: 90 });
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 1, created: 0, failed: 0 } });
  youtube.videos = [video(-1, { tracks: tracks.map((track) => ({ ...track, kind: 'ASR' })) })];
  expect(await sync(deps, row)).toMatchObject({ counts: { unchanged: 1 } });
  expect(await sync({ ...deps, now: () => new Date('2026-03-09T20:00:00Z') }, row)).toMatchObject({
    counts: { created: 1 },
  });
});

test('the track is chosen by language, and manual captions are preferred to automatic ones', async () => {
  const track = (id: string, language: string, kind: 'standard' | 'ASR' | 'forced') => ({
    id,
    language,
    kind,
    vtt: vtt([5, 7, `Track ${id}.`]),
  });
  youtube.videos = [
    video(1, { tracks: [track('asr', 'ja', 'ASR'), track('en', 'en', 'standard'), track('ja', 'ja', 'standard')] }),
    video(2, { tracks: [track('gb', 'en-GB', 'standard'), track('asr-en', 'en', 'ASR')] }),
    video(3, { tracks: [track('heard', 'ja', 'ASR'), track('signs', 'ja', 'forced')] }),
    video(4, { tracks: [track('fr', 'fr', 'standard')] }),
    video(5, { tracks: [] }),
  ];
  const texts = async () => (await stored()).map(({ text, language }) => [text, language]);
  expect(await sync(deps, await withConfig({ languages: ['ja', 'en'] }))).toMatchObject({
    counts: { created: 3, failed: 0 },
  });
  expect(await texts()).toEqual([
    ['Track ja.', 'ja'],
    ['Track gb.', 'en-gb'],
    ['Track heard.', 'ja'],
  ]);
  youtube.counts.clear();
  await sync(deps, await withConfig({ languages: ['en', 'fr'], automaticCaptions: false }), { allowRemovals: true });
  expect((await texts()).map(([text]) => text)).toEqual(['Track en.', 'Track gb.', 'Track fr.']);
  // Videos without usable captions cause no requests.
  expect(youtube.counts.get('captions')).toBe(3);
});

test('private and live videos are skipped; unlisted videos are included by setting', async () => {
  youtube.videos = [video(1, { live: 'upcoming' }), video(2, { privacy: 'unlisted' }), video(3)];
  expect(await sync(deps, await youtubeRow())).toMatchObject({ counts: { listed: 1, created: 1 } });
  expect(await sync(deps, await withConfig({ unlisted: true }))).toMatchObject({ counts: { listed: 2, created: 1 } });
  expect(await sync(deps, await withConfig({ since: '2026-03-05' }))).toMatchObject({ counts: { removed: 2 } });
});

test('a channel by handle, a playlist, and a missing playlist', async () => {
  expect(await sync(deps, await withConfig({ channels: ['@GoogleDevelopers'] }))).toMatchObject({
    counts: { listed: 3 },
  });
  const uploads = `UU${channel.slice(2)}`;
  expect(await sync(deps, await withConfig({ channels: [channel], playlists: [uploads] }))).toMatchObject({
    counts: { listed: 3, removed: 0 },
  });
  expect((await sync(deps, await withConfig({ channels: [], playlists: ['PL-nowhere'] }))).error).toContain(
    'the playlist PL-nowhere does not exist',
  );
});

test('a playlist that does not exist leaves the others readable, is reported, removes nothing, and is ingested once it exists', async () => {
  const uploads = `UU${channel.slice(2)}`;
  const source = await withConfig({ channels: [], playlists: ['PL-nowhere', uploads] });
  const created = await sync(deps, source);
  expect(created).toMatchObject({
    state: 'succeeded',
    counts: { created: 3, failed: 1 },
    failures: ['the playlist PL-nowhere does not exist'],
  });
  youtube.videos = youtube.videos.slice(1);
  expect(await sync(deps, source)).toMatchObject({ counts: { unchanged: 2, removed: 0 } });
  expect(await titles()).toHaveLength(3);
  const repaired = await withConfig({ channels: [], playlists: [uploads] });
  expect(await sync(deps, repaired)).toMatchObject({ counts: { removed: 1, failed: 0 } });
  expect(await titles()).toHaveLength(2);
  expect(await db.query('select key from source_item where failure is not null')).toEqual([]);
});

test('ten thousand videos need one request per fifty, and the same number of 304 responses when listed again', {
  timeout: 120_000,
}, async () => {
  youtube.videos = Array.from({ length: 10_000 }, (_, at): TestVideo => video(at));
  const source = await openSource(await youtubeRow(), sourceOptions(deps, new AbortController().signal));
  const listed = async (cursor: unknown) => {
    const items: ListedItem[] = [];
    const listing = source.plugin.list?.(source.context, cursor);
    for (;;) {
      const next = await listing?.next();
      if (next === undefined || next.done === true) return { items, end: next?.value };
      items.push(next.value);
    }
  };
  try {
    const first = await listed(null);
    expect(first.items).toHaveLength(10_000);
    expect(new Set(first.items.map(({ key }) => key)).size).toBe(10_000);
    expect(youtube.asked).toHaveLength(1 + 1 + 200 + 200);
    const cursor = JSON.stringify(first.end?.cursor);
    expect(cursor.length).toBeLessThan(1_000_000);
    youtube.asked.length = 0;
    const second = await listed(JSON.parse(cursor));
    const versions = (items: readonly ListedItem[]) => items.map(({ key, version }) => [key, version]);
    expect(versions(second.items)).toEqual(versions(first.items));
    expect(youtube.asked).toHaveLength(1 + 200 + 200);
    expect(youtube.asked.every(({ headers }) => headers['if-none-match'] !== undefined)).toBe(true);
  } finally {
    await source.close();
  }
});

test('the plugin passes the conformance suite', async () => {
  const row = await youtubeRow();
  const problems: string[] = [];
  let findings = 0;
  for await (const { name, problem } of checkPlugin(row, sourceOptions(deps, new AbortController().signal))) {
    findings++;
    if (problem !== null) problems.push(`${name}: ${problem}`);
  }
  expect(problems).toEqual([]);
  expect(findings).toBeGreaterThanOrEqual(10);
});
