/** Syncs folders of files as a source, in addition to files ingested by command. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { ingest } from '../../services/sources/ingest/ingest.ts';
import { expectCountsToMatch } from '../kit/data/content-document.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { encryptedOffice, presentation, shape, sheetData, workbook } from '../kit/files/office-files.ts';
import { zip } from '../kit/files/zip.ts';
import { sourceDeps, sourceRow, sync } from '../kit/sources/source.ts';

const db = await testDatabase();
const deps = sourceDeps(db);
const home = mkdtempSync(join(tmpdir(), 'local-source-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const folder = join(home, 'materials');

function write(name: string, text: string): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const row = (config: object = {}) =>
  sourceRow(db, 'local', { config: { folders: [{ path: folder }], ...config }, metadata: { license: 'cc_by' } });
const stored = async () =>
  (
    await db.query(
      `select source_uri, license_type from provenance
       where superseded_at is null and removed_at is null and source = 'local' order by source_uri`,
    )
  ).map(({ source_uri, license_type }) => [source_uri.replace(pathToFileURL(home).href, ''), license_type]);

test('a sync distinguishes new, changed, deleted and unreadable files, and the files’ own metadata takes precedence', async () => {
  write('materials/a.md', '---\nlicense: mit\n---\n# A\n\nThe sea is wide.\n');
  const changing = write('materials/b/b.txt', 'The moon pulls the sea.\n');
  const leaving = write('materials/b/c.html', '<p>The sea falls.</p>');
  write('materials/.hidden.md', 'x');
  expect(await sync(deps, await row())).toMatchObject({ state: 'succeeded', counts: { listed: 3, created: 3 } });
  expect(await stored()).toEqual([
    ['/materials/a.md', 'mit'],
    ['/materials/b/b.txt', 'cc_by'],
    ['/materials/b/c.html', 'cc_by'],
  ]);
  writeFileSync(changing, 'The moon pulls the sea twice a day.\n');
  rmSync(leaving);
  write('materials/broken.pdf', '%PDF-1.7 cut off');
  expect(await sync(deps, await row())).toMatchObject({
    counts: { listed: 3, created: 0, replaced: 1, unchanged: 1, removed: 1, failed: 1 },
    failures: [expect.stringContaining('is not a complete PDF file')],
  });
  await expectCountsToMatch(db);
});

test('files ingested from elsewhere remain, and ingesting a file of the folder updates the same document', async () => {
  const elsewhere = write('elsewhere/d.md', '---\nlicense: mit\n---\nThe tide.\n');
  const store = createStoreContent(db.pool);
  const take = (path: string) =>
    ingest([path], { metadata: { license: 'cc_by' }, sourceBase: null }, { store, clock: () => performance.now() });
  expect(await take(elsewhere)).toMatchObject({ created: 1 });
  expect(await take(join(folder, 'b/b.txt'))).toMatchObject({ unchanged: 1 });
  expect(await sync(deps, await row())).toMatchObject({ counts: { removed: 0, created: 0, replaced: 0 } });
  expect((await stored()).map(([uri]) => uri)).toContain('/elsewhere/d.md');
});

test('an unavailable folder is an error, and nothing is removed', async () => {
  renameSync(folder, `${folder}-moved`);
  const before = await stored();
  expect(await sync(deps, await row())).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('does not exist'),
  });
  expect(await stored()).toEqual(before);
  renameSync(`${folder}-moved`, folder);
});

test('patterns select files; files that no longer match are removed', async () => {
  expect(await sync(deps, await row({ include: ['**/*.md', '*.md'] }))).toMatchObject({
    counts: { listed: 3, removed: 1 },
  });
  expect((await stored()).map(([uri]) => uri)).toEqual(['/elsewhere/d.md', '/materials/a.md']);
});

test('a file that moves to another address leaves no copy at the old one', async () => {
  const published = { folders: [{ path: folder, sourceBase: 'https://docs.example.org' }], include: ['*.md'] };
  expect(await sync(deps, await row(published))).toMatchObject({ counts: { created: 1 } });
  expect((await stored()).map(([uri]) => uri)).toEqual(['/elsewhere/d.md', 'https://docs.example.org/a.md']);
  await expectCountsToMatch(db);
});

test('a material keeps its row and its tombstone when its file is deleted', async () => {
  const [material] = await db.query(
    `select material_id as id from provenance where source_uri = 'https://docs.example.org/a.md'`,
  );
  rmSync(join(folder, 'a.md'));
  const published = { folders: [{ path: folder, sourceBase: 'https://docs.example.org' }] };
  expect(await sync(deps, await row(published))).toMatchObject({ counts: { removed: 1 } });
  expect(await db.query('select id from materials where id = $1', [material?.id])).toHaveLength(1);
  await expect(db.query('delete from materials where id = $1', [material?.id])).rejects.toThrow('violates');
  expect(await db.query('select from passage where content_id = $1', [material?.id])).toEqual([]);
  const [tombstone] = await db.query(
    `select removed_at is not null as removed from provenance where source_uri = 'https://docs.example.org/a.md' and superseded_at is null`,
  );
  expect(tombstone).toEqual({ removed: true });
});

test('changed settings do not restart the retention of documents, and expired documents do not return', async () => {
  const kept = write('materials/kept.md', 'The tide of the year.\n');
  const acquired = () =>
    db.query(
      `select acquired_at, expires_at < now() as expired, retention_years from provenance
       where source_uri = $1 and superseded_at is null`,
      [pathToFileURL(kept).href],
    );
  const config = { folders: [{ path: folder }] };
  await sync(deps, await sourceRow(db, 'local', { config, metadata: { license: 'mit' } }));
  await db.query(`update provenance set acquired_at = '2020-03-05T00:00:00Z' where source_uri = $1`, [
    pathToFileURL(kept).href,
  ]);
  await sync(deps, await sourceRow(db, 'local', { config, metadata: { license: 'mit', retentionYears: 3 } }));
  expect(await acquired()).toEqual([
    { acquired_at: new Date('2020-03-05T00:00:00Z'), expired: true, retention_years: 3 },
  ]);
});

test('files that all become empty at once are removed only with explicit permission', async () => {
  const many = join(home, 'many');
  const names = Array.from({ length: 11 }, (_, at) => `many/${at}.md`);
  for (const [at, name] of names.entries()) write(name, `Ebb ${at}.\n`);
  const source = await row({ folders: [{ path: many }] });
  await sync(deps, source, { allowRemovals: true });
  const kept = async () => (await stored()).filter(([uri]) => uri?.startsWith('/many/')).length;
  expect(await kept()).toBe(11);
  for (const name of names) write(name, '');
  expect((await sync(deps, source)).error).toContain('items at once, so nothing was removed');
  expect(await kept()).toBe(11);
  await sync(deps, source, { allowRemovals: true });
  expect(await kept()).toBe(0);
});

test('workbooks and slides are ingested; encrypted, broken, macro and zip-bomb files are reported, and the others are not affected', async () => {
  const put = (name: string, bytes: Buffer) => {
    mkdirSync(join(home, 'office'), { recursive: true });
    writeFileSync(join(home, 'office', name), bytes);
  };
  const sheets = [
    {
      name: '潮位',
      body: sheetData([
        ['港', '高さ', '時'],
        ['東京', 2.1, 7],
      ]),
    },
  ];
  put('tides.xlsx', workbook({ sheets }));
  put('talk.pptx', presentation({ slides: [{ shapes: shape('title', '潮の話') + shape('body', '満潮です。') }] }));
  put('~$tides.xlsx', Buffer.from('a person has it open'));
  put('locked.xlsx', encryptedOffice());
  put('macro.xlsx', workbook({ sheets, mainType: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' }));
  put('broken.pptx', workbook({ sheets }).subarray(0, 300));
  put('bomb.xlsx', zip({ 'xl/workbook.xml': 'x' }, 300 * 1024 * 1024));
  const config = { folders: [{ path: join(home, 'office') }] };
  const { counts, failures } = await sync(deps, await row(config));
  // The broken PDF of the first test is in a folder that is no longer configured.
  expect(counts).toMatchObject({ listed: 6, created: 2, failed: 4 });
  expect(failures.toSorted()).toEqual([
    'holds macros; save it as .xlsx without them',
    'is encrypted; save a copy without a password',
    'is not a complete archive: it is damaged or truncated',
    'unpacks to more than 128 MB; split it',
  ]);
  expect(await sync(deps, await row(config))).toMatchObject({ counts: { unchanged: 5, failed: 1 } });
  await expectCountsToMatch(db);
});
