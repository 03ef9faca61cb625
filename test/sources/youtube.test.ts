/** YouTube synced from a server that speaks the Data API v3, as https://developers.google.com/youtube/v3/docs tells of it. */
import { expect, test } from 'vitest';
import { sourceOptions } from '../../services/jobs/sync-source.ts';
import { createRetrieve } from '../../services/postgres/search/retrieve-passages.ts';
import { checkPlugin } from '../../services/sources/check-plugin.ts';
import { openSource } from '../../services/sources/open-source.ts';
import type { ListedItem } from '../../services/sources/plugin.ts';
import { expectCountsToMatch } from '../kit/content-document.ts';
import { sync } from '../kit/source.ts';
import { channel, type TestVideo, video, vtt } from '../kit/youtube-server.ts';
import { youtubeSource } from '../kit/youtube-source.ts';

const { db, youtube, given, youtubeRow, withConfig, stored, titles } = await youtubeSource();

test('the first sync takes the captions of every video in, with their seconds, whose they are and their licence', async () => {
  youtube.videos = [video(1), video(2), video(3, { license: 'creativeCommon' })];
  expect(await sync(given, await youtubeRow())).toEqual({
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

test('what a question finds in a video tells the second at which it is said', async () => {
  await sync(given, await youtubeRow());
  const retrieve = createRetrieve({ pool: db.pool, remoteModel: false, commercialUse: false, now: () => new Date() });
  const asker = { userId: '', role: '', groups: [], ip: null, country: null };
  const { passages } = await retrieve({
    query: '潮は何に引かれますか',
    history: [],
    asker,
    signal: new AbortController().signal,
  });
  expect(passages[0]).toMatchObject({ startSeconds: 83, sourceUri: expect.stringContaining('youtube.com/watch?v=') });
});

test('nothing changed: every question is answered 304, no captions are asked for and nothing is written', async () => {
  const row = await youtubeRow();
  await sync(given, row);
  const before = await db.query('select * from provenance order by id');
  youtube.counts.clear();
  youtube.asked.length = 0;
  expect(await sync(given, row)).toMatchObject({ counts: { listed: 3, unchanged: 3, created: 0, removed: 0 } });
  expect(await db.query('select * from provenance order by id')).toEqual(before);
  expect(youtube.counts.has('captions')).toBe(false);
  expect(youtube.asked.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(3);
});

test('one new, one changed, one deleted and one that went private are each told apart', async () => {
  youtube.videos = [1, 2, 3, 4].map((at) => video(at));
  const row = await youtubeRow();
  await sync(given, row);
  youtube.videos = [video(0), video(1, { title: '改題' }), video(3, { privacy: 'private' }), video(4)];
  expect(await sync(given, row)).toMatchObject({
    counts: { listed: 3, created: 1, replaced: 1, unchanged: 1, removed: 2, failed: 0 },
  });
  expect(await titles()).toEqual(['改題', '第0回 潮の話', '第4回 潮の話']);
  expect(await db.query('select distinct reason from retention_audit')).toEqual([{ reason: 'gone_at_source' }]);
  await expectCountsToMatch(db);
});

test('captions that were corrected are seen when their day has come, and not paid for before', async () => {
  const row = await withConfig({ captionsAgainDays: 30 });
  await sync(given, row);
  const [track] = video(1).tracks;
  if (track === undefined) throw new Error('the video has no track');
  const corrected = video(1, { tracks: [{ ...track, vtt: vtt([7, 9, '書き直しました。']) }] });
  youtube.videos = [corrected, video(2), video(3)];
  youtube.counts.clear();
  expect(await sync(given, row)).toMatchObject({ counts: { unchanged: 3 } });
  expect(youtube.counts.has('download')).toBe(false);
  const later = { ...given, now: () => new Date('2026-04-07T20:00:00Z') };
  expect(await sync(later, row)).toMatchObject({ counts: { replaced: 1, unchanged: 2, failed: 0 } });
  expect((await stored())[0]).toMatchObject({ text: '書き直しました。', start_seconds: 7 });
});

test('captions of a machine that come the day after the video are seen then', async () => {
  const { tracks } = video(-1);
  youtube.videos = [video(-1, { tracks: [] })];
  const row = await withConfig({ captionsAgainDays: 90 });
  expect(await sync(given, row)).toMatchObject({ counts: { listed: 1, created: 0, failed: 0 } });
  youtube.videos = [video(-1, { tracks: tracks.map((track) => ({ ...track, kind: 'ASR' })) })];
  expect(await sync(given, row)).toMatchObject({ counts: { unchanged: 1 } });
  expect(await sync({ ...given, now: () => new Date('2026-03-09T20:00:00Z') }, row)).toMatchObject({
    counts: { created: 1 },
  });
});

test('the track is chosen by language, and what people wrote comes before what a machine heard', async () => {
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
  expect(await sync(given, await withConfig({ languages: ['ja', 'en'] }))).toMatchObject({
    counts: { created: 3, failed: 0 },
  });
  expect(await texts()).toEqual([
    ['Track ja.', 'ja'],
    ['Track gb.', 'en-gb'],
    ['Track heard.', 'ja'],
  ]);
  youtube.counts.clear();
  await sync(given, await withConfig({ languages: ['en', 'fr'], automaticCaptions: false }), { allowRemovals: true });
  expect((await texts()).map(([text]) => text)).toEqual(['Track en.', 'Track gb.', 'Track fr.']);
  // Where a video has no captions that count, nothing is asked of them.
  expect(youtube.counts.get('captions')).toBe(3);
});

test('what is not for everybody or not over is left out; unlisted videos come when they are wanted', async () => {
  youtube.videos = [video(1, { live: 'upcoming' }), video(2, { privacy: 'unlisted' }), video(3)];
  expect(await sync(given, await youtubeRow())).toMatchObject({ counts: { listed: 1, created: 1 } });
  expect(await sync(given, await withConfig({ unlisted: true }))).toMatchObject({ counts: { listed: 2, created: 1 } });
  expect(await sync(given, await withConfig({ since: '2026-03-05' }))).toMatchObject({ counts: { removed: 2 } });
});

test('a channel by its handle, a playlist of its own, and one that is not there', async () => {
  expect(await sync(given, await withConfig({ channels: ['@GoogleDevelopers'] }))).toMatchObject({
    counts: { listed: 3 },
  });
  const uploads = `UU${channel.slice(2)}`;
  expect(await sync(given, await withConfig({ channels: [channel], playlists: [uploads] }))).toMatchObject({
    counts: { listed: 3, removed: 0 },
  });
  expect((await sync(given, await withConfig({ channels: [], playlists: ['PL-nowhere'] }))).error).toContain(
    'the playlist PL-nowhere is not there',
  );
});

test('ten thousand videos take a question for fifty of them, and are listed again by as many that are answered 304', async () => {
  youtube.videos = Array.from({ length: 10_000 }, (_, at): TestVideo => video(at));
  const source = await openSource(await youtubeRow(), sourceOptions(given, new AbortController().signal));
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
    const told = JSON.stringify(first.end?.cursor);
    expect(told.length).toBeLessThan(1_000_000);
    youtube.asked.length = 0;
    const second = await listed(JSON.parse(told));
    const versions = (items: readonly ListedItem[]) => items.map(({ key, version }) => [key, version]);
    expect(versions(second.items)).toEqual(versions(first.items));
    expect(youtube.asked).toHaveLength(1 + 200 + 200);
    expect(youtube.asked.every(({ headers }) => headers['if-none-match'] !== undefined)).toBe(true);
  } finally {
    await source.close();
  }
});

test('it passes the suite that every plugin must pass', async () => {
  const row = await youtubeRow();
  const problems: string[] = [];
  let findings = 0;
  for await (const { name, problem } of checkPlugin(row, sourceOptions(given, new AbortController().signal))) {
    findings++;
    if (problem !== null) problems.push(`${name}: ${problem}`);
  }
  expect(problems).toEqual([]);
  expect(findings).toBeGreaterThanOrEqual(10);
});
