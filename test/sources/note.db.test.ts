/** Syncs note.com from a test server with its public RSS. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { article, startNoteServer } from '../kit/servers/note-server.ts';
import { sourceDeps, sourceRow, sync } from '../kit/sources/source.ts';

const db = await testDatabase();
const note = await startNoteServer();
afterAll(note.close);
const deps = sourceDeps(db);

const everything = { config: { creators: ['hana'] }, endpoint: note.url, allowedHosts: [note.host], metadata: null };
const noteRow = (change = {}) => sourceRow(db, 'note', { ...everything, ...change });

beforeEach(async () => {
  await db.query('truncate source_item, source_sync, passage, passage_embedding, passage_term, provenance');
  await db.query('update passage_corpus set passages = 0, term_count = 0');
  Object.assign(note, {
    injectFault: () => 'answer',
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

test('the first sync ingests every article with author, URL, publication time and all rights reserved', async () => {
  expect(await sync(deps, await noteRow())).toEqual({
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

test('without changes, one request returns 304, and nothing is read or written', async () => {
  const row = await noteRow();
  await sync(deps, row);
  const before = await db.query('select * from provenance order by id');
  note.asked.length = 0;
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 0, created: 0, removed: 0 } });
  expect(await db.query('select * from provenance order by id')).toEqual(before);
  expect(note.asked.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(1);
});

test('changed, new and deleted articles are distinguished', async () => {
  const row = await noteRow();
  await sync(deps, row);
  note.articles = [article(0), article(1, { html: '<p>書き直しました。海は広いです。</p>' }), article(3)];
  expect(await sync(deps, row)).toMatchObject({
    counts: { listed: 3, created: 1, replaced: 1, unchanged: 1, removed: 1, failed: 0 },
  });
  expect((await stored()).map(({ title }) => title)).toEqual(['第0話', '第1話', '第3話']);
  expect(await db.query(`select source_uri, reason, passages > 0 as had from retention_audit`)).toEqual([
    { source_uri: `${note.url}/hana/n/n2`, reason: 'gone_at_source', had: true },
  ]);
  await expectCountsToMatch(db);
  note.articles = [article(0), article(1), article(2), article(3)];
  expect(await sync(deps, row)).toMatchObject({ counts: { replaced: 2, unchanged: 2 } });
  expect((await stored()).map(({ title }) => title)).toEqual(['第0話', '第1話', '第2話', '第3話']);
});

test('an article that has left the feed remains, unless its page is gone too', async () => {
  const row = await noteRow({ config: { creators: ['hana'], feedItems: 3 } });
  note.feedItems = 3;
  await sync(deps, row);
  note.articles = [article(-1), article(0), ...[1, 2, 3].map((at) => article(at))];
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 2, removed: 0 } });
  await db.query(`update source_item set checked_at = now() - interval '25 hours'`);
  note.articles = note.articles.filter(({ id }) => id !== 'n2');
  note.articles.unshift(article(-2));
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 1, removed: 1 } });
  expect((await stored()).map(({ title }) => title)).toEqual(['第-1話', '第-2話', '第0話', '第1話', '第3話']);
});

test('an article of a creator and of a magazine is stored once; a magazine adds articles of others', async () => {
  note.articles.push(article(7, { creator: 'sora' }), article(8, { creator: 'sora' }));
  note.magazines.set('mumi', ['n1', 'n7']);
  const row = await noteRow({ config: { creators: ['hana'], magazines: [{ creator: 'sora', magazine: 'mumi' }] } });
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 4, created: 4 } });
  note.magazines.set('mumi', ['n1']);
  expect(await sync(deps, row)).toMatchObject({ counts: { unchanged: 3, removed: 1 } });
});

test('the rights of the source are stored with all of its documents, and updated when they change', async () => {
  await sync(deps, await noteRow());
  const metadata = { license: 'cc_by', permission: true, externalShareConsent: true };
  expect(await sync(deps, await noteRow({ metadata }))).toMatchObject({ counts: { replaced: 3 } });
  expect(new Set((await stored()).map(({ license_type }) => license_type))).toEqual(new Set(['cc_by']));
});

test('429 with Retry-After and 500 are retried until the feed arrives', async () => {
  const script = [429, 500];
  note.injectFault = (_request, response) => {
    const status = script.shift();
    if (status === undefined) return 'answer';
    response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end();
    return 'answered';
  };
  const start = performance.now();
  expect(await sync(deps, await noteRow())).toMatchObject({ counts: { created: 3 } });
  expect(performance.now() - start).toBeGreaterThanOrEqual(990);
});

test('a Retry-After of an hour ends the sync with an error that reports it', async () => {
  note.injectFault = (_request, response) => {
    response.writeHead(429, { 'retry-after': '3600' }).end();
    return 'answered';
  };
  expect(await sync(deps, await noteRow())).toMatchObject({
    state: 'failed',
    error: 'RunFailed: the source is down: asks to retry after 3600 seconds',
  });
});

const cut: Record<string, typeof note.injectFault> = {
  'a truncated response': (_request, response, body) => {
    response.writeHead(200, { 'content-length': String(body?.length) });
    response.write(body?.subarray(0, 900), () => response.destroy());
    return 'answered';
  },
  'a body shorter than its content-length': (_request, response, body) => {
    response.writeHead(200, { 'content-length': String((body?.length ?? 0) + 99) });
    response.write(body, () => response.destroy());
    return 'answered';
  },
  'a body longer than its content-length': (_request, response, body) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 700\r\n\r\n${body}`);
    return 'answered';
  },
  'malformed XML': (_request, response, body) => {
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
  'a feed with this fault removes nothing, and the sync fails: %s',
  async (_, injectFault) => {
    const row = await noteRow();
    await sync(deps, row);
    note.articles = [article(1)];
    note.injectFault = (request, response, body) =>
      request.url === '/robots.txt' ? 'answer' : injectFault(request, response, body);
    const { state, error } = await sync(deps, row);
    expect(state).toBe('failed');
    expect(error).toContain('the source is down: ');
    expect(await stored()).toHaveLength(3);
  },
);

test('a malformed article is reported with the reason, and the others are ingested', async () => {
  note.injectFault = (request, response, body) => {
    if (!request.url?.endsWith('/rss')) return 'answer';
    response.end(body?.toString().replace(/<link>[^<]*n2<\/link>\s*<guid>[^<]*<\/guid>/, '<guid>broken</guid>'));
    return 'answered';
  };
  expect(await sync(deps, await noteRow())).toMatchObject({
    state: 'succeeded',
    counts: { created: 2, failed: 1 },
    failures: ['has no link to the article'],
  });
  expect(await db.query('select key, failure from source_item where failure is not null')).toEqual([
    { key: 'broken', failure: 'has no link to the article' },
  ]);
});

test('a feed that lost most of its articles removes them only with explicit permission', async () => {
  note.articles = Array.from({ length: 21 }, (_, at) => article(at));
  const row = await noteRow();
  await sync(deps, row);
  note.articles = note.articles.slice(0, 5);
  expect((await sync(deps, row)).error).toContain('lost 16 of 21 items at once, so nothing was removed');
  expect(await stored()).toHaveLength(21);
  expect(await sync(deps, row, { allowRemovals: true })).toMatchObject({ counts: { removed: 16 } });
});

test('robots.txt is respected', async () => {
  note.robots = 'User-agent: *\nDisallow: /hana/rss\n';
  expect((await sync(deps, await noteRow())).error).toContain('may not be read: the robots.txt of its host says so');
  expect(note.asked.map(({ path }) => path)).not.toContain('/hana/rss');
});

test('loopback addresses are not fetched unless the source allows them', async () => {
  expect((await sync(deps, await noteRow({ allowedHosts: [] }))).error).toContain('which is refused');
  expect(note.asked).toEqual([]);
});

test('a stopped sync continues where it was, without reading stored items again', async () => {
  note.articles = Array.from({ length: 301 }, (_, at) => article(at));
  note.feedItems = 1000;
  const row = await noteRow();
  const stopping = new AbortController();
  const stopped = await sync(deps, row, {
    signal: stopping.signal,
    onProgress: ({ created }) => created >= 100 && stopping.abort(),
  });
  expect(stopped.state).toBe('stopped');
  const { counts } = await sync(deps, row);
  expect(counts).toMatchObject({ listed: 301, replaced: 0, failed: 0 });
  expect(counts?.unchanged).toBeGreaterThanOrEqual(100);
  expect((counts?.unchanged ?? 0) + (counts?.created ?? 0)).toBe(301);
  await expectCountsToMatch(db);
});

test('a thousand articles are ingested, and the next sync replaces the changed one', { timeout: 120_000 }, async () => {
  note.articles = Array.from({ length: 1_003 }, (_, at) => article(at));
  note.feedItems = 100_000;
  const row = await noteRow();
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 1_003, created: 1_003, failed: 0 } });
  note.articles = note.articles.map((each) => (each.id === 'n777' ? { ...each, title: '改題' } : each));
  expect(await sync(deps, row)).toMatchObject({ counts: { replaced: 1, unchanged: 1_002, removed: 0 } });
  await expectCountsToMatch(db);
});

test('a creator that does not exist leaves the others readable, is reported, and is ingested once it exists', async () => {
  const row = await noteRow({ config: { creators: ['gone', 'hana'], feedItems: 25 } });
  await db.query('update plugin_registry set health_status = null');
  note.injectFault = (request, response) => {
    if (!request.url?.startsWith('/gone/')) return 'answer';
    response.writeHead(404).end();
    return 'answered';
  };
  expect(await sync(deps, row)).toMatchObject({
    state: 'succeeded',
    counts: { created: 3, failed: 1 },
    failures: ['the feed /gone/rss does not exist'],
  });
  expect(await db.query(`select health_status, health_error from plugin_registry where source = 'note'`)).toEqual([
    { health_status: 'degraded', health_error: 'the feed /gone/rss does not exist' },
  ]);
  note.injectFault = () => 'answer';
  note.articles.push(article(9, { creator: 'gone' }));
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 1, unchanged: 3, failed: 0, removed: 0 } });
  expect(await db.query('select key from source_item where failure is not null')).toEqual([]);
});

test('the articles of a feed that cannot be read stay', async () => {
  note.articles.push(article(9, { creator: 'sora' }));
  const row = await noteRow({ config: { creators: ['hana', 'sora'] } });
  await sync(deps, row);
  note.articles = [article(1), article(9, { creator: 'sora' })];
  note.injectFault = (request, response) => {
    if (!request.url?.startsWith('/sora/')) return 'answer';
    response.end('<html></html>');
    return 'answered';
  };
  expect(await sync(deps, row)).toMatchObject({ counts: { removed: 2, failed: 1 } });
  expect((await stored()).map(({ title }) => title)).toEqual(['第1話', '第9話']);
});

test('the articles of a creator that was removed from the configuration are removed', async () => {
  note.articles.push(article(8, { creator: 'sora' }), article(9, { creator: 'sora' }));
  await sync(deps, await noteRow({ config: { creators: ['hana', 'sora'] } }));
  expect(await sync(deps, await noteRow())).toMatchObject({ counts: { removed: 2 } });
  expect(await stored()).toHaveLength(3);
});

test('control characters, entities of HTML and bare ampersands do not make a feed unreadable', async () => {
  note.articles = [article(1, { title: '海\u0008と&nbsp;月 & 潮' }), article(2)];
  expect(await sync(deps, await noteRow())).toMatchObject({ counts: { created: 2, failed: 0 } });
  expect((await stored()).map(({ title }) => title)).toContain('海と 月 & 潮');
});

test('a broken article is reported with its line, keeps its former version, and the others are ingested', async () => {
  const row = await noteRow();
  await sync(deps, row);
  note.articles = [article(1, { html: '<p>書き直しました。</p>' }), article(2, { title: '<b>' }), article(3)];
  expect(await sync(deps, row)).toMatchObject({
    counts: { replaced: 1, unchanged: 1, failed: 1, removed: 0 },
    failures: [expect.stringMatching(/^is not well-formed XML at line \d+ of the feed$/)],
  });
  expect(await stored()).toHaveLength(3);
});
