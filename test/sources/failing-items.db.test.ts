/** Items that cannot be ingested: they are stored as failing and retried automatically with backoff. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addSource } from '../../services/postgres/sources/registry.ts';
import { readSourceStatuses } from '../../services/postgres/sources/source-status.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { sourceDeps, sourceRow, sync } from '../kit/sources/source.ts';

const db = await testDatabase();
const deps = sourceDeps(db);
const home = mkdtempSync(join(tmpdir(), 'failing-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let made = 0;

type Listed = { key: string; version?: string | null; deleted?: true; held?: unknown };
type Service = {
  /** The result of each listing in order; a missing one is empty. */
  pages: Listed[][];
  /** Reasons by key. */
  broken: Record<string, string>;
  /** By key; a missing text is derived from the version. */
  texts: Record<string, string>;
  /** What the first listing covers. */
  covers: 'all' | 'none';
  fetched: { key: string; version: string | null; held: unknown; at: string }[];
};

/** A source whose change feed reports each change once. */
async function feedSource(pages: Listed[][], broken: Record<string, string> = {}) {
  const name = `failing-${++made}`;
  const service: Service = { pages, broken, texts: {}, covers: 'all', fetched: [] };
  Object.assign(globalThis, { [name]: service });
  const module = join(home, `${name}.mjs`);
  writeFileSync(
    module,
    `import { SourceUnavailable } from '${new URL('../../services/sources/source-error.ts', import.meta.url)}';
    const service = globalThis['${name}'];
    export default {
      version: '1', configuration: (z) => z.object({ again: z.int().optional() }),
      metadata: { license: 'mit', contentType: 'generated' },
      health: async () => undefined,
      async *list(_, cursor) {
        const page = cursor ?? 0;
        for (const { key, ...item } of service.pages[page] ?? []) {
          const publishedAt = new Date('2026-03-07T01:02:03Z');
          yield { key, version: '1', uri: 'https://${name}.example/' + key, publishedAt, ...item };
        }
        return { cursor: page + 1, covers: page === 0 ? service.covers : 'none' };
      },
      async fetch({ key, version, held, publishedAt }) {
        service.fetched.push({ key, version, held, at: publishedAt.toISOString() });
        if (service.broken[key] === 'gone') return 'gone';
        if (service.broken[key] === 'quota') throw new SourceUnavailable('has used up its quota', { until: new Date() });
        if (service.broken[key]) throw new Error(service.broken[key]);
        return { body: service.texts[key] ?? 'Text of ' + key + version, format: 'text' };
      },
    };`,
  );
  await addSource(db.pool, 'command:test', { source: name, name, module, capabilities: {}, version: '1' });
  const row = await sourceRow(db, name, { enabled: true });
  const inMinutes = `round(extract(epoch from retry_at - checked_at) / 60)::integer`;
  return {
    service,
    row,
    scheduled: () => sync(deps, row, { scheduled: true }),
    asked: () => sync(deps, row),
    cursor: async () => (await db.query('select cursor from source_sync where source = $1', [name]))[0]?.cursor,
    items: () =>
      db.query(
        `select key, failures, ${inMinutes} as minutes from source_item where source = $1 and failure is not null order by key`,
        [name],
      ),
    /** Makes the next attempt due. */
    ripen: () => db.query(`update source_item set retry_at = now() where source = $1`, [name]),
    failing: async () => (await readSourceStatuses(db.pool, name))[0]?.failingItems,
  };
}

test('a failing item does not block the listing, is reported, and is retried automatically when it is due', async () => {
  const held = { id: 7, text: 'nul \0 and half a pair \ud83d' };
  const source = await feedSource([[{ key: 'a' }, { key: 'b', held }], [{ key: 'c' }]], { b: 'broken' });
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 2, created: 1, failed: 1 } });
  expect(await source.cursor()).toBe(1);
  expect(await source.items()).toEqual([{ key: 'b', failures: 1, minutes: 5 }]);

  source.service.fetched.length = 0;
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 1, created: 1, failed: 1 } });
  expect(source.service.fetched.map(({ key }) => key)).toEqual(['c']);
  expect(await source.cursor()).toBe(2);
  expect(await source.failing()).toBe(1);

  await source.ripen();
  source.service.broken = {};
  source.service.fetched.length = 0;
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 0, created: 1, failed: 0 } });
  expect(source.service.fetched).toEqual([{ key: 'b', version: '1', held, at: '2026-03-07T01:02:03.000Z' }]);
  expect(await source.failing()).toBe(0);
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 0, unchanged: 0, failed: 0 } });
  expect(source.service.fetched).toHaveLength(1);
});

test('retries back off up to once a day; a new version is tried at once and resets the backoff', async () => {
  const source = await feedSource([[{ key: 'a' }]], { a: 'broken' });
  const waits: unknown[] = [];
  for (let attempt = 0; attempt < 11; attempt++) {
    await source.scheduled();
    waits.push((await source.items())[0]?.minutes);
    await source.ripen();
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]);
  await source.scheduled();
  source.service.pages.push(...Array(11).fill([]), [{ key: 'a', version: '2' }]);
  source.service.fetched.length = 0;
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 1, failed: 1 } });
  expect(source.service.fetched.map(({ version }) => version)).toEqual(['2']);
  expect(await source.items()).toEqual([{ key: 'a', failures: 1, minutes: 5 }]);
});

test('a requested sync retries every failing item', async () => {
  const source = await feedSource([[{ key: 'a' }, { key: 'b' }]], { a: 'broken', b: 'broken' });
  await source.scheduled();
  source.service.broken = { b: 'broken' };
  expect(await source.asked()).toMatchObject({ counts: { listed: 0, created: 1, failed: 1 }, failures: [/reader/] });
  expect(await source.items()).toEqual([{ key: 'b', failures: 2, minutes: 10 }]);
});

test('an item that every sync lists also waits until it is due', async () => {
  const source = await feedSource(
    Array(3).fill([
      { key: 'a', version: null },
      { key: 'b', version: null },
    ]),
    { a: 'broken' },
  );
  await source.scheduled();
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 2, unchanged: 1, failed: 1 } });
  expect(source.service.fetched.map(({ key }) => key)).toEqual(['a', 'b', 'b']);
});

test('a deleted item is not retried, whether the feed or the item reports the deletion', async () => {
  const source = await feedSource([[{ key: 'a' }, { key: 'b' }], [{ key: 'a', deleted: true }]], { a: 'x', b: 'x' });
  await source.scheduled();
  source.service.broken = { a: 'x', b: 'gone' };
  await source.ripen();
  expect(await source.scheduled()).toMatchObject({ counts: { failed: 0 } });
  expect(await source.items()).toEqual([]);
  source.service.fetched.length = 0;
  await source.asked();
  expect(source.service.fetched).toEqual([]);
});

test('an item that is restored, fails and is deleted again is not retried and not counted', async () => {
  const gone = { key: 'a', deleted: true } as const;
  const source = await feedSource([[{ key: 'a' }], [gone], [{ key: 'a', version: '2' }], [gone], [], [{ key: 'a' }]]);
  await source.scheduled();
  expect(await source.scheduled()).toMatchObject({ counts: { removed: 1 } });
  source.service.broken = { a: 'broken' };
  expect(await source.scheduled()).toMatchObject({ counts: { failed: 1 } });
  expect(await readSourceStatuses(db.pool, source.row.source)).toMatchObject([{ items: 0, failingItems: 1 }]);
  expect(await source.scheduled()).toMatchObject({ counts: { removed: 0 } });
  expect(await source.failing()).toBe(0);
  await source.ripen();
  source.service.fetched.length = 0;
  await source.asked();
  expect(source.service.fetched).toEqual([]);
  source.service.broken = {};
  await source.scheduled();
  expect(await readSourceStatuses(db.pool, source.row.source)).toMatchObject([{ items: 1, failingItems: 0 }]);
});

test('an empty item without a stored document is not read again by the next sync, however this one ends', async () => {
  const source = await feedSource(
    [
      [{ key: 'empty' }, { key: 'a' }, { key: 'full' }],
      [{ key: 'empty' }, { key: 'full', version: '2' }, { key: 'a' }],
    ],
    { a: 'quota' },
  );
  source.service.texts = { empty: '' };
  await source.scheduled();
  expect(source.service.fetched.map(({ key }) => key)).toEqual(expect.arrayContaining(['empty', 'a']));
  expect(await source.cursor()).toBeNull();
  source.service.fetched.length = 0;
  source.service.broken = {};
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 3, failed: 0 } });
  expect(source.service.fetched.map(({ key }) => key)).not.toContain('empty');
  // Nothing is removed before the share of removals is known.
  source.service.broken = { a: 'quota' };
  source.service.texts = { full: '' };
  source.service.pages[1]?.splice(2, 1, { key: 'a', version: '2' });
  expect(await source.scheduled()).toMatchObject({ state: 'failed' });
  expect(await db.query(`select text from passage where text like 'Text of full%'`)).toHaveLength(1);
});

test('a stored item remains while its next version fails; after a revert it no longer fails', async () => {
  const source = await feedSource([[{ key: 'a' }], [{ key: 'a', version: '2' }], [{ key: 'a' }]]);
  await source.scheduled();
  source.service.broken = { a: 'broken' };
  await source.scheduled();
  expect(await db.query(`select text from passage where text like 'Text of a1%'`)).not.toEqual([]);
  expect(await source.failing()).toBe(1);
  source.service.broken = {};
  expect(await source.scheduled()).toMatchObject({ counts: { unchanged: 1, failed: 0 } });
  expect(await source.failing()).toBe(0);
});

test('with new settings everything is listed again, and stored failing items of the old settings are not retried', async () => {
  const source = await feedSource([[{ key: 'a' }, { key: 'b' }]], { a: 'broken' });
  await source.scheduled();
  await source.ripen();
  source.service.pages = [[{ key: 'b' }]];
  const row = await sourceRow(db, source.row.source, { config: { again: 7 } });
  source.service.fetched.length = 0;
  expect(await sync(deps, row)).toMatchObject({ counts: { listed: 1, failed: 0 } });
  expect(source.service.fetched.map(({ key }) => key)).toEqual(['b']);
  expect(await source.items()).toEqual([]);
});

test('with new settings, a failing item missing from the listing is not retried and is still reported as failing', async () => {
  const source = await feedSource([[{ key: 'a' }, { key: 'b' }], []], { a: 'broken' });
  await source.scheduled();
  await source.ripen();
  source.service.covers = 'none';
  source.service.pages = [[{ key: 'b' }]];
  const row = await sourceRow(db, source.row.source, { config: { again: 7 } });
  source.service.fetched.length = 0;
  expect(await sync(deps, row, { scheduled: true })).toMatchObject({ counts: { listed: 1, failed: 1 } });
  expect(source.service.fetched.map(({ key }) => key)).toEqual(['b']);
  expect(await source.failing()).toBe(1);
});

test('an item that cannot be stored as JSON is listed again: the cursor does not move until it is ingested', async () => {
  const source = await feedSource([[{ key: 'a', held: new Map([['id', 7]]) }], [{ key: 'b' }]], { a: 'broken' });
  await source.scheduled();
  await source.scheduled();
  expect(source.service.fetched.map(({ key }) => key)).toEqual(['a', 'a']);
  expect(await source.cursor()).toBeNull();
  source.service.broken = {};
  expect(await source.scheduled()).toMatchObject({ counts: { listed: 1, created: 1 } });
  expect(await source.cursor()).toBe(1);
});

test('item counts are updated with every change, also outside of syncs', async () => {
  const counts = (name: string) => db.query('select items, failing from source_item_count where source = $1', [name]);
  const source = await feedSource([[{ key: 'a' }, { key: 'b' }, { key: 'c' }]], { c: 'broken' });
  await source.scheduled();
  const { source: name } = source.row;
  expect(await counts(name)).toEqual([{ items: 2, failing: 1 }]);
  await db.query(`update plugin_registry set source = 'renamed' where source = $1`, [name]);
  expect(await counts('renamed')).toEqual([{ items: 2, failing: 1 }]);
  expect(await counts(name)).toEqual([{ items: 0, failing: 0 }]);
  await db.query(`delete from source_item where source = 'renamed' and key <> 'a'`);
  expect(await counts('renamed')).toEqual([{ items: 1, failing: 0 }]);
  await db.query('truncate source_item');
  expect(await db.query('select * from source_item_count')).toEqual([]);
});
