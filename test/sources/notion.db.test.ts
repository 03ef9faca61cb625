/** Syncs Notion from a test server with its API; formats as in https://developers.notion.com/reference/intro. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sourceOptions } from '../../services/jobs/sync-source.ts';
import type { SourceChange } from '../../services/postgres/sources/registry.ts';
import { checkPlugin, type Finding } from '../../services/sources/check-plugin.ts';
import type { HeldPage } from '../../services/sources/notion/list-pages.ts';
import { openSource } from '../../services/sources/open-source.ts';
import type { ListedItem, Listing } from '../../services/sources/plugin.ts';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { block, notionId, notionPage, rich, startNotionServer } from '../kit/servers/notion-server.ts';
import { asKnown, sourceDeps, sourceRow, sync, syncWithoutStoring } from '../kit/sources/source.ts';

const db = await testDatabase();
const notion = await startNotionServer();
afterAll(notion.close);
const deps = { ...sourceDeps(db), readKey: (name: string) => (name === 'NOTION_KEY' ? 'ntn_secret' : undefined) };
const database = notionId(1, 'd9824bdc');
const rows = notionId(2, '0b0b0b0b');

const notionRow = (change: SourceChange = {}) =>
  sourceRow(db, 'notion', {
    config: { databases: [database] },
    endpoint: notion.url,
    allowedHosts: [notion.host],
    apiKeyVariable: 'NOTION_KEY',
    metadata: { license: 'cc_by' },
    enabled: true,
    ...change,
  });

function put(...pages: readonly ReturnType<typeof notionPage>[]): void {
  for (const page of pages) notion.pages.set(page.id, page);
}
const row = (at: number, values: Parameters<typeof notionPage>[1] = {}) =>
  notionPage(at, { parent: { data_source_id: rows }, ...values });

beforeEach(async () => {
  await db.query('truncate source_item, source_sync, passage, passage_embedding, passage_term, provenance');
  await db.query('update passage_corpus set passages = 0, term_count = 0');
  Object.assign(notion, { injectFault: () => 'answer', token: 'ntn_secret', cap: 10_000, now: () => new Date() });
  notion.pages.clear();
  notion.databases.clear();
  notion.databases.set(database, [rows]);
  put(row(1), row(2), row(3));
  notion.asked.length = 0;
});

const stored = () =>
  db.query(
    `select title, source_uri, license_type, rights_holder, source, language, text, published_at
     from provenance join passage using (content_id, content_type)
     where superseded_at is null and removed_at is null and position = 0 order by title`,
  );
const titles = async () => (await stored()).map(({ title }) => title);
const asked = (part: string) => notion.asked.filter(({ path }) => path.includes(part)).length;

test('the source is registered, disabled and not checked yet', async () => {
  const other = await testDatabase();
  expect(
    await other.query(`select enabled, health_status, last_health_check from plugin_registry where source = 'notion'`),
  ).toEqual([{ enabled: false, health_status: null, last_health_check: null }]);
});

test('the first sync ingests every row of a database, and the next one reads nothing again', {
  timeout: 120_000,
}, async () => {
  const source = await notionRow();
  expect(await sync(deps, source)).toEqual({
    state: 'succeeded',
    counts: { listed: 3, created: 3, replaced: 0, unchanged: 0, removed: 0, failed: 0, skipped: 0, unusable: 0 },
    error: null,
    failures: [],
  });
  expect((await stored())[0]).toEqual({
    title: '第1章',
    source_uri: `https://www.notion.so/${notionId(1).replaceAll('-', '')}`,
    license_type: 'cc_by',
    rights_holder: null,
    source: 'notion',
    language: 'ja',
    text: 'これは1番目の頁です。潮は月に引かれて満ちたり引いたりします。',
    published_at: new Date('2026-03-07T00:01:00Z'),
  });
  notion.asked.length = 0;
  expect(await sync(deps, source)).toMatchObject({ counts: { listed: 3, unchanged: 3, replaced: 0, removed: 0 } });
  expect(asked('/blocks/')).toBe(0);
  await expectCountsToMatch(db);
});

test('changed, new, trashed and no longer shared pages are distinguished', async () => {
  put(row(4), row(5));
  const source = await notionRow();
  await sync(deps, source);
  put(row(1, { edited: '2026-05-01T10:00:00.000Z', blocks: [block('paragraph', '書き直しました。')] }), row(7));
  Object.assign(notion.pages.get(notionId(2)) ?? {}, { trashed: true });
  notion.pages.delete(notionId(3));
  expect(await sync(deps, source)).toMatchObject({
    counts: { listed: 4, created: 1, replaced: 1, unchanged: 2, removed: 2, failed: 0 },
  });
  expect(await titles()).toEqual(['第1章', '第4章', '第5章', '第7章']);
  Object.assign(notion.pages.get(notionId(2)) ?? {}, { trashed: false });
  expect(await sync(deps, source)).toMatchObject({ counts: { created: 0, replaced: 1, removed: 0 } });
  expect(await titles()).toContain('第2章');
});

test('two edits within a minute are both ingested, although Notion reports the same time for both', async () => {
  const edited = '2026-05-01T10:00:00.000Z';
  notion.now = () => new Date('2026-05-01T10:00:20Z');
  put(row(1, { edited, blocks: [block('paragraph', 'はじめの文です。')] }));
  const source = await notionRow();
  await sync(deps, source);
  put(row(1, { edited, blocks: [block('paragraph', '同じ分に直した文です。')] }));
  notion.now = () => new Date('2026-05-01T10:07:00Z');
  expect(await sync(deps, source)).toMatchObject({ counts: { replaced: 1, unchanged: 2 } });
  expect((await stored())[0]?.text).toBe('同じ分に直した文です。');
  notion.asked.length = 0;
  expect(await sync(deps, source)).toMatchObject({ counts: { unchanged: 3 } });
  expect(asked('/blocks/')).toBe(0);
});

test('pages include nested pages, databases and rows at any depth, each as a separate document', async () => {
  notion.databases.set(notionId(7, 'aaaaaaaa'), [notionId(8, 'bbbbbbbb')]);
  put(
    notionPage(11, {
      blocks: [
        block('paragraph', '一番上の頁です。'),
        block('toggle', '開く', [{ type: 'child_page', content: { title: '下' }, id: notionId(12) }]),
        { type: 'child_database', content: { title: '表' }, id: notionId(7, 'aaaaaaaa') },
        { type: 'child_page', content: { title: '見えない' }, id: notionId(19) },
      ],
    }),
    notionPage(12, {
      blocks: [{ type: 'child_page', content: { title: '底' }, id: notionId(13) }, block('quote', '下の頁。')],
    }),
    notionPage(13, {
      blocks: [{ type: 'child_page', content: { title: '上' }, id: notionId(11) }, block('quote', '底の頁。')],
    }),
    notionPage(14, { parent: { data_source_id: notionId(8, 'bbbbbbbb') } }),
  );
  const source = await notionRow({
    config: { pages: [`https://www.notion.so/Top-${notionId(11).replaceAll('-', '')}?pvs=4`] },
  });
  expect(await sync(deps, source)).toMatchObject({ counts: { listed: 4, created: 4, failed: 0 } });
  expect(await titles()).toEqual(['第11章', '第12章', '第13章', '第14章']);
  notion.asked.length = 0;
  expect(await sync(deps, source)).toMatchObject({ counts: { listed: 4, unchanged: 4, removed: 0 } });
  expect(asked('/blocks/')).toBe(0);
  Object.assign(notion.pages.get(notionId(13)) ?? {}, { trashed: true });
  expect(await sync(deps, source)).toMatchObject({ counts: { removed: 1 } });
});

test('without databases and pages in the settings, everything shared is ingested; pages missing from the search are requested before they are removed', async () => {
  const source = await notionRow({ config: {} });
  expect(await sync(deps, source)).toMatchObject({ counts: { listed: 3, created: 3 } });
  Object.assign(notion.pages.get(notionId(1)) ?? {}, { trashed: true });
  notion.pages.delete(notionId(2));
  expect(await sync(deps, source)).toMatchObject({ counts: { removed: 2, unchanged: 1 } });
});

test('every type of block becomes text of its meaning; unknown types are skipped', async () => {
  const cells = (...values: readonly string[]) => ({ type: 'table_row', content: { cells: values.map(rich) } });
  put(
    row(1, {
      blocks: [
        block('heading_1', '潮', [block('paragraph', '見出しの中。')]),
        block('bulleted_list_item', '一', [block('numbered_list_item', '二')]),
        { type: 'to_do', content: { rich_text: rich('測る'), checked: true } },
        { type: 'to_do', content: { rich_text: rich('書く'), checked: false } },
        block('toggle', '折り畳み', [block('callout', '注意 <b> & 潮')]),
        {
          type: 'code',
          content: { rich_text: rich('if (a < b)\n  rise()'), caption: rich('例'), language: 'javascript' },
        },
        { type: 'equation', content: { expression: 'E = mc^2' } },
        {
          type: 'table',
          content: { has_column_header: true, has_row_header: false, table_width: 2 },
          children: [cells('港', '高さ'), cells('東京', '1.7'), cells('大阪', '1.3')],
        },
        {
          type: 'column_list',
          content: {},
          children: [{ type: 'column', content: {}, children: [block('paragraph', '左。')] }],
        },
        { type: 'synced_block', content: { synced_from: null }, children: [block('paragraph', '写し。')] },
        {
          type: 'image',
          content: { type: 'file', file: { url: 'https://files.example/x?sig=1' }, caption: rich('図一') },
        },
        { type: 'bookmark', content: { url: 'https://tides.example/', caption: [] } },
        { type: 'divider', content: {} },
        { type: 'hologram', content: { rich_text: rich('未来') } },
        { type: 'unsupported', content: {} },
      ],
    }),
  );
  await sync(deps, await notionRow());
  const passages = await db.query(`select heading, text from passage where title = '第1章' order by position`);
  const whole = passages.map(({ text }) => text).join('\n');
  expect(passages[0]?.heading).toBe('潮');
  for (const part of [
    '見出しの中。',
    '一',
    '二',
    '☑ 測る',
    '☐ 書く',
    '折り畳み',
    '注意 <b> & 潮',
    'if (a < b)\n  rise()',
    '例',
    'E = mc^2',
    '東京 | 高さ: 1.7',
    '大阪 | 高さ: 1.3',
    '左。',
    '写し。',
    '図一',
    'https://tides.example/',
  ]) {
    expect(whole).toContain(part);
  }
  expect(whole).not.toMatch(/未来|files\.example/);
});

test('a page with only unsupported blocks is reported once with their types, and not retried', async () => {
  put(
    row(1, {
      blocks: [
        { type: 'hologram', content: {} },
        { type: 'unsupported', content: {} },
      ],
    }),
  );
  const source = await notionRow();
  expect(await sync(deps, source)).toMatchObject({
    counts: { created: 2, failed: 1 },
    failures: ['contains nothing but 2 blocks of types that are not read: hologram, unsupported'],
  });
  expect(await sync(deps, source)).toMatchObject({ counts: { unchanged: 3, failed: 0 } });
  expect(await db.query('select key from source_item where failure is not null')).toEqual([{ key: notionId(1) }]);
});

test('a page is ingested without its unsupported blocks, which are reported but are not a failure', async () => {
  const unread = ['hologram', 'unsupported', 'hologram'].map((type) => ({ type, content: {} }));
  put(row(1, { blocks: [block('paragraph', '潮が満ちます。'), ...unread] }));
  const source = await notionRow();
  expect(await sync(deps, source)).toMatchObject({
    counts: { created: 3, failed: 0 },
    failures: [],
    notes: ['is ingested without 3 blocks of types that are not read: hologram, unsupported'],
  });
  expect(await sync(deps, source)).not.toHaveProperty('notes');
});

test('configured properties provide metadata and text; an invalid value only fails its page', async () => {
  const properties = (license: string) => ({
    Licence: { id: 'a', type: 'select', select: { id: 'x', name: license, color: 'blue' } },
    Owner: { id: 'b', type: 'people', people: [{ object: 'user', id: notionId(1), name: '花' }] },
    Lang: { id: 'c', type: 'rich_text', rich_text: rich('en') },
    'May be used': { id: 'd', type: 'checkbox', checkbox: true },
    Answer: { id: 'e', type: 'rich_text', rich_text: rich('潮は一日に二度満ちます。') },
    Empty: { id: 'f', type: 'select', select: null },
  });
  put(row(1, { properties: properties('CC BY-SA'), blocks: [] }), row(2, { properties: properties('Shareware') }));
  const config = {
    databases: [database],
    properties: {
      license: 'Licence',
      rightsHolder: 'Owner',
      language: 'Lang',
      permission: 'May be used',
      publishedAt: 'Empty',
    },
    textProperties: ['Answer', 'Absent'],
  };
  expect(await sync(deps, await notionRow({ config }))).toMatchObject({
    counts: { created: 2, failed: 1 },
    failures: [expect.stringContaining('license is not a known licence')],
  });
  expect((await stored())[0]).toMatchObject({
    license_type: 'cc_by_sa',
    rights_holder: '花',
    language: 'en',
    text: 'Answer: 潮は一日に二度満ちます。',
  });
  expect(await db.query(`select permission_flag from provenance order by rights_holder limit 1`)).toEqual([
    { permission_flag: true },
  ]);
});

test('429 with Retry-After and 500 are retried; a Retry-After of an hour ends the sync', async () => {
  const script = [429, 500];
  notion.injectFault = (_, response) => {
    const status = script.shift();
    if (status === undefined) return 'answer';
    response.writeHead(status, { 'retry-after': '1' }).end('{"object":"error","code":"rate_limited"}');
    return 'answered';
  };
  const start = performance.now();
  expect(await sync(deps, await notionRow())).toMatchObject({ counts: { created: 3 } });
  expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  notion.injectFault = (_, response) => {
    response.writeHead(429, { 'retry-after': '3600' }).end();
    return 'answered';
  };
  expect((await sync(deps, await notionRow())).error).toContain('asks to retry after 3600 seconds');
});

const faults: Record<string, [typeof notion.injectFault, string]> = {
  'a truncated response': [
    (_, response, body) => {
      response.writeHead(200, { 'content-length': String(body.length) });
      response.write(body.slice(0, 90), () => response.destroy());
      return 'answered';
    },
    'cannot be reached',
  ],
  'truncated JSON': [
    (_, response, body) => {
      response.end(body.slice(0, 90));
      return 'answered';
    },
    'returned invalid JSON',
  ],
  'an error': [
    (_, response) => {
      response.writeHead(503).end('{"object":"error","code":"service_unavailable"}');
      return 'answered';
    },
    'answered 503',
  ],
  'unexpected JSON': [
    (_, response) => {
      response.end('{"object":"list"}');
      return 'answered';
    },
    'returned a database in an unknown format',
  ],
  'a redirect to loopback': [
    (_, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/v1' }).end();
      return 'answered';
    },
    'which is refused',
  ],
};

test.each(Object.entries(faults))(
  'a response with this fault removes nothing, and the sync reports it: %s',
  async (_, [injectFault, message]) => {
    const source = await notionRow();
    await sync(deps, source);
    notion.pages.clear();
    notion.injectFault = injectFault;
    const { state, error } = await sync(deps, source);
    expect([state, error]).toEqual(['failed', expect.stringContaining(message)]);
    expect(await titles()).toHaveLength(3);
  },
);

test('a wrong key, a missing key and a database that is not shared are reported, and nothing is removed', async () => {
  const source = await notionRow();
  await sync(deps, source);
  notion.token = 'ntn_another';
  expect((await sync(deps, source)).error).toContain('rejects its key (unauthorized)');
  notion.token = 'ntn_secret';
  expect((await sync(deps, await notionRow({ apiKeyVariable: null }))).error).toContain('has no key');
  notion.databases.clear();
  expect((await sync(deps, await notionRow())).error).toContain(
    `the database ${database} does not exist or is not shared with the connection`,
  );
  expect(await titles()).toHaveLength(3);
});

test('a page and a database that are not shared leave the others readable, are reported, and remove nothing', async () => {
  const [hidden, page] = [notionId(8, '0c0c0c0c'), notionId(9)];
  const config = { databases: [hidden, database], pages: [page] };
  expect(await sync(deps, await notionRow({ config }))).toMatchObject({
    state: 'succeeded',
    counts: { created: 3, failed: 2 },
    failures: expect.arrayContaining([
      `the database ${hidden} does not exist or is not shared with the connection`,
      `the page ${page} does not exist or is not shared with the connection`,
    ]),
  });
  notion.pages.delete(notionId(1));
  expect(await sync(deps, await notionRow({ config }))).toMatchObject({ counts: { unchanged: 2, removed: 0 } });
  expect(await sync(deps, await notionRow())).toMatchObject({ counts: { removed: 1, failed: 0 } });
  expect(await titles()).toHaveLength(2);
});

test('a malformed page and a malformed block fail individually, and the reason contains none of their text', async () => {
  put(row(2, { blocks: [{ type: 'paragraph', content: { rich_text: 'text of the source' } }] }));
  notion.injectFault = (request, response, body) => {
    if (!request.url?.endsWith('/query')) return 'answer';
    response.end(body.replace('"properties":{"Name"', '"properties":null,"p":{"Name"'));
    return 'answered';
  };
  expect(await sync(deps, await notionRow())).toMatchObject({
    state: 'succeeded',
    counts: { created: 1, failed: 2 },
    failures: expect.arrayContaining([
      'has a form that cannot be read, or without its properties',
      'holds a block of the type paragraph that is malformed',
    ]),
  });
});

test('a list with a circular cursor ends the sync', async () => {
  notion.injectFault = (request, response, body) => {
    if (!request.url?.endsWith('/query')) return 'answer';
    response.end(body.replace(/"next_cursor":[^,]*,"has_more":[a-z]*/, '"next_cursor":"cursor-0","has_more":true'));
    return 'answered';
  };
  expect((await sync(deps, await notionRow())).error).toContain('pages lead nowhere or in circles');
});

test('ten thousand rows, more than one query returns, need one request per hundred; the next sync only requests edits', {
  timeout: 120_000,
}, async () => {
  const many = 10_007;
  for (let at = 0; at < many; at++) put(row(at));
  const source = await openSource(await notionRow(), sourceOptions(deps, new AbortController().signal));
  try {
    const items: ListedItem[] = [];
    const listing = source.plugin.list?.(source.context, null);
    let next = await listing?.next();
    for (; next?.done === false; next = await listing?.next()) {
      items.push(next.value);
      // Like a reader of the page.
      (next.value.held as HeldPage).reportChildren([]);
    }
    expect(new Set(items.map(({ key }) => key)).size).toBe(many);
    expect(notion.asked.length).toBeLessThan(105);
    notion.asked.length = 0;
    const edited = new Date().toISOString();
    for (let at = 0; at < 31; at++) put(row(at * 300, { edited }));
    const end = next?.value as Listing;
    const result = await syncWithoutStoring(source, asKnown(source, items), JSON.parse(JSON.stringify(end.cursor)));
    expect(result.counts).toMatchObject({ listed: 31, replaced: 31, removed: 0, failed: 0 });
    expect(result.taken).toContain(notionId(9_000));
    // The database, its edited rows and their blocks, twice where the listing finds a row while it is being read.
    expect(notion.asked.length).toBeLessThanOrEqual(2 + 31 + 4);
  } finally {
    await source.close();
  }
});

test('the plugin passes the conformance suite', async () => {
  const source = await notionRow({ config: { databases: [database], pages: [notionId(1)] } });
  const findings: Finding[] = [];
  const surroundings = sourceOptions(deps, new AbortController().signal);
  for await (const finding of checkPlugin(source, surroundings)) findings.push(finding);
  expect(findings.filter(({ problem }) => problem !== null)).toEqual([]);
  expect(findings.length).toBeGreaterThan(9);
});

test('the properties of a row without a page are its text, and what cannot be read of them is reported', async () => {
  const properties = {
    Question: { id: 'a', type: 'rich_text', rich_text: rich('満潮はいつですか。') },
    Answer: { id: 'b', type: 'rich_text', rich_text: rich('一日に二度です。') },
    Status: { id: 'c', type: 'status', status: { id: 'x', name: 'Published', color: 'blue' } },
    Hidden: { id: 'd', type: 'checkbox', checkbox: false },
    Related: { id: 'e', type: 'relation', relation: [] },
  };
  put(row(1, { properties, blocks: [] }), row(2, { blocks: [] }));
  expect(await sync(deps, await notionRow())).toMatchObject({
    counts: { created: 2, failed: 0, skipped: 1 },
    notes: ['left out: 1 properties of types that are not read: relation'],
  });
  const texts = await db.query(`select text from passage where title = '第1章' order by position`);
  expect(texts.map(({ text }) => text).join('\n')).toMatch(/満潮はいつですか。[\s\S]*一日に二度です。[\s\S]*Published/);
});

test('front matter of an imported Markdown page states its rights', async () => {
  put(
    row(1, { blocks: [block('code', '---\nlicense: all_rights_reserved\n---'), block('paragraph', '本文です。')] }),
    row(2, {
      blocks: [
        { type: 'divider', content: {} },
        block('paragraph', 'license: MIT'),
        { type: 'divider', content: {} },
        block('paragraph', '潮の本文。'),
      ],
    }),
  );
  await sync(deps, await notionRow());
  expect((await stored()).map(({ license_type, text }) => [license_type, text])).toEqual([
    ['all_rights_reserved', '本文です。'],
    ['mit', '潮の本文。'],
    ['cc_by', expect.stringContaining('3番目')],
  ]);
});
