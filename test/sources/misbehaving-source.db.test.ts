/** Syncs plugins and services that return wrong data, stall or fail. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addSource } from '../../services/postgres/sources/registry.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { sourceDeps, sourceRow, sync } from '../kit/sources/source.ts';

const db = await testDatabase();
const deps = sourceDeps(db);
const home = mkdtempSync(join(tmpdir(), 'misbehaving-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let made = 0;

/** A source whose plugin consists of this body and the required members. */
async function source(body: string) {
  const name = `misbehaving-${++made}`;
  const module = join(home, `${name}.mjs`);
  writeFileSync(
    module,
    `export default { version: '1', configuration: (z) => z.object({}), metadata: { license: 'mit', contentType: 'generated' },
      health: async () => undefined,
      fetch: async ({ key }) => ({ body: 'Text of ' + key, format: 'text' }),
      ${body.replaceAll('x.example', `${name}.example`)} };`,
  );
  await addSource(db.pool, 'command:test', { source: name, name, module, capabilities: {}, version: '1' });
  return sourceRow(db, name, { enabled: true });
}

const item = (key: string, version = "'1'") =>
  `{ key: ${key}, version: ${version}, uri: 'https://x.example/' + ${key} }`;
const end = (covers = "'all'") => `return { cursor: null, covers: ${covers} };`;

test.each([
  [
    'pages that never end',
    `async *list() { for (let at = 0; ; at++) yield ${item("'a' + (at % 3)")}; }`,
    'lists the same items repeatedly',
  ],
  [
    'an item without a key',
    `async *list() { yield { version: '1', uri: 'x' }; ${end()} }`,
    'lists an item whose key is no text of 1 to 2400 bytes',
  ],
  [
    'a key that is too long',
    `async *list() { yield ${item("'潮'.repeat(801)")}; ${end()} }`,
    'whose key is no text of 1 to 2400 bytes',
  ],
  [
    'a version that is a number',
    `async *list() { yield ${item("'a'", '7')}; ${end()} }`,
    'whose version is neither text nor null',
  ],
  ['an end that covers nothing', `async *list() { yield ${item("'a'")}; }`, 'does not return { cursor, covers }'],
  ['a listing that throws', `async *list() { yield ${item("'a'")}; throw new Error('text of the source'); }`, 'Error'],
])('%s ends the sync with a reason', async (_, body, reason) => {
  const { state, error } = await sync(deps, await source(body));
  expect(state).toBe('failed');
  expect(error).toContain(reason);
  expect(error).not.toContain('text of the source');
});

test('failing items are reported with the reason and without their text, and the others are ingested', async () => {
  const row = await source(
    `async *list() { for (let at = 0; at < 9; at++) yield ${item("'n' + at")}; ${end()} },
     fetch: async ({ key }) => {
       if (key === 'n1') throw new TypeError('text of the source');
       if (key === 'n2') return { body: '%PDF', format: 'pdf' };
       if (key === 'n3') return undefined;
       if (key === 'n4') return { body: 'x', format: 'exe' };
       if (key === 'n5') return 'gone';
       if (key === 'n6') return { body: ' ', format: 'text' };
       return { body: 'Text of ' + key, format: 'text' };
     }`,
  );
  const { state, counts, failures } = await sync(deps, row);
  expect(state).toBe('succeeded');
  expect(counts).toEqual({
    listed: 9,
    created: 3,
    replaced: 0,
    unchanged: 0,
    removed: 0,
    failed: 4,
    skipped: 1,
    unusable: 0,
  });
  expect(failures.join()).not.toContain('text of the source');
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 0, unchanged: 4, failed: 4 } });
});

test('an item that the database rejects does not affect the others', async () => {
  const row = await source(
    `async *list() { for (let at = 0; at < 5; at++) yield ${item("'n' + at")}; ${end()} },
     fetch: async ({ key }) => ({
       body: 'Text of ' + key, format: 'text',
       ...(key === 'n2' && { metadata: { contentType: 'material', materialId: '00000000-0000-4000-8000-000000000009' } }),
     })`,
  );
  expect(await sync(deps, row)).toMatchObject({
    counts: { created: 4, failed: 1 },
    failures: [expect.stringMatching(/material .* does not exist/)],
  });
});

test('a source does not take over the documents of another source', async () => {
  const list = `async *list() { yield { key: 'k', version: '1', uri: 'https://shared.example/1' }; ${end()} }`;
  expect(await sync(deps, await source(list))).toMatchObject({ counts: { created: 1 } });
  expect(await sync(deps, await source(list))).toMatchObject({
    counts: { created: 0, failed: 1 },
    failures: [expect.stringContaining('already belongs to the source misbehaving-')],
  });
});

test('if more than half of the individually requested items are gone, nothing is removed, not even items listed as deleted', async () => {
  const row = await source(
    `async *list(context, cursor) {
       if (cursor === null) for (let at = 0; at < 23; at++) yield ${item("'n' + at")};
       return { cursor: 1, covers: ({ key }) => cursor !== null && key === 'n7' };
     },
     isDeleted() { if (globalThis.unsure) throw new Error('text of the source'); return true; }`,
  );
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 23 } });
  await db.query(`update source_item set checked_at = now() - interval '25 hours' where source = $1`, [row.source]);
  const { error } = await sync(deps, row);
  expect(error).toContain('lost 22 of 22 items at once, so nothing was removed');
  const here = () => db.query('select count(*) from source_item where source = $1 and gone_at is null', [row.source]);
  expect(await here()).toEqual([{ count: 23 }]);
  Object.assign(globalThis, { unsure: true });
  expect(await sync(deps, row)).toMatchObject({ counts: { removed: 1 } });
  Object.assign(globalThis, { unsure: false });
  expect(await sync(deps, row, { allowRemovals: true })).toMatchObject({ counts: { removed: 22 } });
  expect(await here()).toEqual([{ count: 0 }]);
});

test('of two items with the same address the second one is reported, and the sync continues', async () => {
  const at = (key: string) => `{ key: '${key}', version: '1', uri: 'https://x.example/\\0' }`;
  const row = await source(`async *list() { yield ${at('a')}; yield ${at('b')}; yield ${item("'c'")}; ${end()} }`);
  const { counts, failures } = await sync(deps, row);
  expect(counts).toMatchObject({ created: 2, failed: 1 });
  expect(failures).toEqual([expect.stringContaining('has the same sourceUri')]);
});

test('a plugin reports what is wrong with an item in its own words, and when to retry its source', async () => {
  const row = await source(
    `async *list() { for (const key of ['a', 'b', 'c']) yield ${item('key')}; ${end()} },
     fetch({ key }, { fault }) {
       if (key === 'a') throw fault('is locked by its author');
       if (key === 'b') throw fault('is a drawing', { lasting: true });
       if (globalThis.resting) throw fault('has closed for the night', { until: new Date('2030-03-07T01:02:03Z') });
       return { body: 'Text of ' + key, format: 'text' };
     }`,
  );
  const { failures } = await sync(deps, row);
  expect(failures.toSorted()).toEqual(['is a drawing', 'is locked by its author']);
  expect(await sync(deps, row)).toMatchObject({ counts: { unchanged: 2, failed: 1 } });
  Object.assign(globalThis, { resting: true });
  const metadata = { license: 'cc_by', contentType: 'generated' };
  expect(await sync(deps, await sourceRow(db, row.source, { metadata }))).toMatchObject({
    state: 'failed',
    error: 'RunFailed: has closed for the night',
  });
  expect(await db.query('select not_before from source_sync where source = $1', [row.source])).toEqual([
    { not_before: new Date('2030-03-07T01:02:03Z') },
  ]);
});

test('the functions of a plugin may be synchronous', async () => {
  const row = await source(
    `*list() { yield ${item("'a'")}; ${end()} },
     fetch: ({ key }) => ({ body: 'Text of ' + key, format: 'text' }),
     health() {}`,
  );
  expect(await sync(deps, row)).toMatchObject({ counts: { created: 1, failed: 0 } });
});

test('a plugin’s own reader replaces the built-in one', async () => {
  const row = await source(
    `async *list() { yield ${item("'talk'")}; ${end()} },
     fetch: async () => ({ body: '00:07 The tide turns.', format: 'text' }),
     transform: ({ body }) => ({ title: 'A talk', blocks: [{ kind: 'paragraph', text: body.slice(6), page: 7 }] })`,
  );
  await sync(deps, row);
  expect(await db.query(`select title, text, page_number from passage where title = 'A talk'`)).toEqual([
    { title: 'A talk', text: 'The tide turns.', page_number: 7 },
  ]);
});
