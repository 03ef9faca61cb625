/** note.com synced from a server that speaks its public RSS. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { expectCountsToMatch } from '../kit/content-document.ts';
import { testDatabase } from '../kit/database.ts';
import { article, startNoteServer } from '../kit/note-server.ts';
import { sourceRow, sourcesGiven, sync } from '../kit/source.ts';

const db = await testDatabase();
const note = await startNoteServer();
afterAll(note.close);
const given = sourcesGiven(db);

const everything = { config: { creators: ['hana'] }, endpoint: note.url, allowedHosts: [note.host], metadata: null };
const noteRow = (change = {}) => sourceRow(db, 'note', { ...everything, ...change });

beforeEach(async () => {
  await db.query('truncate source_item, source_sync, passage, passage_term, provenance');
  await db.query('update passage_corpus set passages = 0, term_count = 0');
  Object.assign(note, {
    trouble: () => 'answer',
    robots: null,
    feedItems: 25,
    articles: [1, 2, 3].map((at) => article(at)),
  });
  note.magazines.clear();
  note.asked.length = 0;
});

const stored = () =>
  db.query(
    `select title, source_uri, content_type, license_type, rights_holder, source, language, published_at, acquisition_method
     from provenance join passage using (content_id, content_type)
     where superseded_at is null and removed_at is null and position = 0 order by title`,
  );

test('the first sync takes every article in, with who wrote it, where it is, when it was published and all rights reserved', async () => {
  expect(await sync(given, await noteRow())).toEqual({
    state: 'succeeded',
    counts: { listed: 3, created: 3, replaced: 0, unchanged: 0, removed: 0, failed: 0, skipped: 0, unusable: 3 },
    error: null,
    failures: [],
  });
  expect((await stored())[0]).toEqual({
    title: '第1話',
    source_uri: `${note.url}/hana/n/n1`,
    content_type: 'note_article',
    license_type: 'all_rights_reserved',
    rights_holder: 'hanaさん',
    source: 'note',
    language: 'ja',
    published_at: new Date('2026-03-06T00:00:00Z'),
    acquisition_method: 'api_fetch',
  });
  const [passage] = await db.query(`select text from passage where title = '第1話' and position = 0`);
  expect(passage?.text).toContain('潮は月に引かれて');
  expect(passage?.text).not.toContain('続きをみる');
  await expectCountsToMatch(db);
});

test('nothing changed: one request that is answered 304, nothing read and nothing written', async () => {
  const row = await noteRow();
  await sync(given, row);
  const before = await db.query('select * from provenance order by id');
  note.asked.length = 0;
  expect(await sync(given, row)).toMatchObject({ counts: { listed: 0, created: 0, removed: 0 } });
  expect(await db.query('select * from provenance order by id')).toEqual(before);
  expect(note.asked.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(1);
});

test('one changed, one new and one deleted article are each told apart', async () => {
  const row = await noteRow();
  await sync(given, row);
  note.articles = [article(0), article(1, { html: '<p>書き直しました。海は広いです。</p>' }), article(3)];
  expect(await sync(given, row)).toMatchObject({
    counts: { listed: 3, created: 1, replaced: 1, unchanged: 1, removed: 1, failed: 0 },
  });
  expect((await stored()).map(({ title }) => title)).toEqual(['第0話', '第1話', '第3話']);
  expect(await db.query(`select source_uri, reason, passages > 0 as had from retention_audit`)).toEqual([
    { source_uri: `${note.url}/hana/n/n2`, reason: 'gone_at_source', had: true },
  ]);
  await expectCountsToMatch(db);
  note.articles = [article(0), article(1), article(2), article(3)];
  expect(await sync(given, row)).toMatchObject({ counts: { replaced: 2, unchanged: 2 } });
  expect((await stored()).map(({ title }) => title)).toEqual(['第0話', '第1話', '第2話', '第3話']);
});

test('an article that is only older than what the feed shows stays; one whose page is gone too, goes', async () => {
  const row = await noteRow({ config: { creators: ['hana'], feedItems: 3 } });
  note.feedItems = 3;
  await sync(given, row);
  note.articles = [article(-1), article(0), ...[1, 2, 3].map((at) => article(at))];
  expect(await sync(given, row)).toMatchObject({ counts: { created: 2, removed: 0 } });
  await db.query(`update source_item set checked_at = now() - interval '25 hours'`);
  note.articles = note.articles.filter(({ id }) => id !== 'n2');
  note.articles.unshift(article(-2));
  expect(await sync(given, row)).toMatchObject({ counts: { created: 1, removed: 1 } });
  expect((await stored()).map(({ title }) => title)).toEqual(['第-1話', '第-2話', '第0話', '第1話', '第3話']);
});

test('an article of a creator and of a magazine is one; a magazine brings articles of others', async () => {
  note.articles.push(article(7, { creator: 'sora' }), article(8, { creator: 'sora' }));
  note.magazines.set('mumi', ['n1', 'n7']);
  const row = await noteRow({ config: { creators: ['hana'], magazines: [{ creator: 'sora', magazine: 'mumi' }] } });
  expect(await sync(given, row)).toMatchObject({ counts: { listed: 4, created: 4 } });
  note.magazines.set('mumi', ['n1']);
  expect(await sync(given, row)).toMatchObject({ counts: { unchanged: 3, removed: 1 } });
});

test('what the row tells of rights is stored with all of its content, and told again when it changes', async () => {
  await sync(given, await noteRow());
  const metadata = { license: 'cc_by', permission: true, externalShareConsent: true };
  expect(await sync(given, await noteRow({ metadata }))).toMatchObject({ counts: { replaced: 3 } });
  expect(new Set((await stored()).map(({ license_type }) => license_type))).toEqual(new Set(['cc_by']));
});

test('a source that asks for patience is given it: 429 with Retry-After, then 500, then the feed', async () => {
  const script = [429, 500];
  note.trouble = (_request, response) => {
    const status = script.shift();
    if (status === undefined) return 'answer';
    response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end();
    return 'answered';
  };
  const start = performance.now();
  expect(await sync(given, await noteRow())).toMatchObject({ counts: { created: 3 } });
  expect(performance.now() - start).toBeGreaterThanOrEqual(990);
});

test('a source that asks to come back in an hour is left for the next sync, and says so', async () => {
  note.trouble = (_request, response) => {
    response.writeHead(429, { 'retry-after': '3600' }).end();
    return 'answered';
  };
  expect(await sync(given, await noteRow())).toMatchObject({
    state: 'failed',
    error: 'RunFailed: the source is down: asks to come back in 3600 seconds',
  });
});

const cut: Record<string, typeof note.trouble> = {
  'cut in the middle': (_request, response, body) => {
    response.writeHead(200, { 'content-length': String(body?.length) });
    response.write(body?.subarray(0, 900), () => response.destroy());
    return 'answered';
  },
  'shorter than it says it is': (_request, response, body) => {
    response.writeHead(200, { 'content-length': String((body?.length ?? 0) + 99) });
    response.write(body, () => response.destroy());
    return 'answered';
  },
  'longer than it says it is': (_request, response, body) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 700\r\n\r\n${body}`);
    return 'answered';
  },
  'no well-formed XML': (_request, response, body) => {
    response.end(body?.subarray(0, -20));
    return 'answered';
  },
  'a page instead of a feed': (_request, response) => {
    response.end('<html><body>Maintenance</body></html>');
    return 'answered';
  },
  'an error': (_request, response) => {
    response.writeHead(500).end();
    return 'answered';
  },
  'a redirect to loopback': (_request, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:1/rss' }).end();
    return 'answered';
  },
};

test.each(Object.entries(cut))(
  'a feed that is %s removes nothing, and the sync says that it failed',
  async (_, trouble) => {
    const row = await noteRow();
    await sync(given, row);
    note.articles = [article(1)];
    note.trouble = (request, response, body) =>
      request.url === '/robots.txt' ? 'answer' : trouble(request, response, body);
    const { state, error } = await sync(given, row);
    expect(state).toBe('failed');
    expect(error).toContain('the source is down: ');
    expect(await stored()).toHaveLength(3);
  },
);

test('a malformed article is told by its reason, and the others are taken in', async () => {
  note.trouble = (request, response, body) => {
    if (!request.url?.endsWith('/rss')) return 'answer';
    response.end(body?.toString().replace(/<link>[^<]*n2<\/link>\s*<guid>[^<]*<\/guid>/, '<guid>broken</guid>'));
    return 'answered';
  };
  expect(await sync(given, await noteRow())).toMatchObject({
    state: 'succeeded',
    counts: { created: 2, failed: 1 },
    failures: ['has no link to the article'],
  });
  expect(await db.query('select key, failure from source_item where failure is not null')).toEqual([
    { key: 'broken', failure: 'has no link to the article' },
  ]);
});

test('a feed that lost most of its articles removes them only when somebody allows it', async () => {
  note.articles = Array.from({ length: 21 }, (_, at) => article(at));
  const row = await noteRow();
  await sync(given, row);
  note.articles = note.articles.slice(0, 5);
  expect((await sync(given, row)).error).toContain('lost 16 of 21 items at once, so nothing was removed');
  expect(await stored()).toHaveLength(21);
  expect(await sync(given, row, { allowRemovals: true })).toMatchObject({ counts: { removed: 16 } });
});

test('robots.txt is kept to', async () => {
  note.robots = 'User-agent: *\nDisallow: /hana/rss\n';
  expect((await sync(given, await noteRow())).error).toContain('may not be read: the robots.txt of its host says so');
  expect(note.asked.map(({ path }) => path)).not.toContain('/hana/rss');
});

test('without the row’s leave, nothing on loopback is fetched', async () => {
  expect((await sync(given, await noteRow({ allowedHosts: [] }))).error).toContain('which is refused');
  expect(note.asked).toEqual([]);
});

test('a sync that is stopped goes on where it was, without reading again what it has', async () => {
  note.articles = Array.from({ length: 301 }, (_, at) => article(at));
  note.feedItems = 1000;
  const row = await noteRow();
  const stopping = new AbortController();
  const stopped = await sync(given, row, {
    signal: stopping.signal,
    onProgress: ({ created }) => created >= 100 && stopping.abort(),
  });
  expect(stopped.state).toBe('stopped');
  const { counts } = await sync(given, row);
  expect(counts).toMatchObject({ listed: 301, replaced: 0, failed: 0 });
  expect(counts?.unchanged).toBeGreaterThanOrEqual(100);
  expect((counts?.unchanged ?? 0) + (counts?.created ?? 0)).toBe(301);
  await expectCountsToMatch(db);
});

test('a thousand articles are taken in, and of them the next sync replaces the one that changed', async () => {
  note.articles = Array.from({ length: 1_003 }, (_, at) => article(at));
  note.feedItems = 100_000;
  const row = await noteRow();
  expect(await sync(given, row)).toMatchObject({ counts: { listed: 1_003, created: 1_003, failed: 0 } });
  note.articles = note.articles.map((each) => (each.id === 'n777' ? { ...each, title: '改題' } : each));
  expect(await sync(given, row)).toMatchObject({ counts: { replaced: 1, unchanged: 1_002, removed: 0 } });
  await expectCountsToMatch(db);
});

test('a creator that does not exist leaves the others readable, is reported, and is ingested once it exists', async () => {
  const row = await noteRow({ config: { creators: ['gone', 'hana'], feedItems: 25 } });
  await db.query('update plugin_registry set health_status = null');
  note.trouble = (request, response) => {
    if (!request.url?.startsWith('/gone/')) return 'answer';
    response.writeHead(404).end();
    return 'answered';
  };
  expect(await sync(given, row)).toMatchObject({
    state: 'succeeded',
    counts: { created: 3, failed: 1 },
    failures: ['the feed /gone/rss does not exist'],
  });
  expect(await db.query(`select health_status, health_error from plugin_registry where source = 'note'`)).toEqual([
    { health_status: 'degraded', health_error: 'the feed /gone/rss does not exist' },
  ]);
  note.trouble = () => 'answer';
  note.articles.push(article(9, { creator: 'gone' }));
  expect(await sync(given, row)).toMatchObject({ counts: { created: 1, unchanged: 3, failed: 0, removed: 0 } });
  expect(await db.query('select key from source_item where failure is not null')).toEqual([]);
});

test('the articles of a feed that cannot be read stay', async () => {
  note.articles.push(article(9, { creator: 'sora' }));
  const row = await noteRow({ config: { creators: ['hana', 'sora'] } });
  await sync(given, row);
  note.articles = [article(1), article(9, { creator: 'sora' })];
  note.trouble = (request, response) => {
    if (!request.url?.startsWith('/sora/')) return 'answer';
    response.end('<html></html>');
    return 'answered';
  };
  expect(await sync(given, row)).toMatchObject({ counts: { removed: 2, failed: 1 } });
  expect((await stored()).map(({ title }) => title)).toEqual(['第1話', '第9話']);
});

test('the articles of a creator that was removed from the configuration are removed', async () => {
  note.articles.push(article(8, { creator: 'sora' }), article(9, { creator: 'sora' }));
  await sync(given, await noteRow({ config: { creators: ['hana', 'sora'] } }));
  expect(await sync(given, await noteRow())).toMatchObject({ counts: { removed: 2 } });
  expect(await stored()).toHaveLength(3);
});

test('control characters, entities of HTML and bare ampersands do not make a feed unreadable', async () => {
  note.articles = [article(1, { title: '海\u0008と&nbsp;月 & 潮' }), article(2)];
  expect(await sync(given, await noteRow())).toMatchObject({ counts: { created: 2, failed: 0 } });
  expect((await stored()).map(({ title }) => title)).toContain('海と 月 & 潮');
});

test('a broken article is reported with its line, keeps its former version, and the others are ingested', async () => {
  const row = await noteRow();
  await sync(given, row);
  note.articles = [article(1, { html: '<p>書き直しました。</p>' }), article(2, { title: '<b>' }), article(3)];
  expect(await sync(given, row)).toMatchObject({
    counts: { replaced: 1, unchanged: 1, failed: 1, removed: 0 },
    failures: [expect.stringMatching(/^is not well-formed XML at line \d+ of the feed$/)],
  });
  expect(await stored()).toHaveLength(3);
});
