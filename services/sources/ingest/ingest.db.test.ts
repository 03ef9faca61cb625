import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { createStoreContent } from '../../postgres/content/store-content.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { type IngestProgress, ingest } from './ingest.ts';

const db = await testDatabase();
const store = createStoreContent(db.pool);
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ingest-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const run = (paths: string[], metadata: ContentMetadata = {}, sourceBase: string | null = null) =>
  ingest(paths, { metadata, sourceBase }, { store, clock: () => performance.now() });

test('a directory is ingested with its provenance; unchanged files are skipped; changed files replace their passages', async () => {
  write('docs/b/rag.md', '---\nlicense: cc_by\n---\n# RAG\n\nRAG is retrieval-augmented generation.\n');
  const changing = write('docs/a.txt', 'Budgets\n=======\n\nThe first version.\n');
  const shared = { rightsHolder: 'Us', retentionYears: 3, license: 'mit' } as const;
  expect(await run([join(home, 'docs')], shared)).toMatchObject({ created: 2, passages: 2, failed: [], skipped: [] });
  expect(await run([join(home, 'docs')], shared)).toMatchObject({ created: 0, unchanged: 2, replaced: 0 });

  writeFileSync(changing, 'Budgets\n=======\n\nThe second version.\n');
  expect(await run([join(home, 'docs')], shared)).toMatchObject({ unchanged: 1, replaced: 1 });

  const passages = await db.query(
    `select title, heading, text, paragraph_index, license_type, rights_holder, retention_years, source_uri
     from passage join provenance using (content_id, content_type)
     where superseded_at is null and source_uri like $1 order by title`,
    [`${pathToFileURL(home).href}%`],
  );
  expect(passages).toEqual([
    {
      title: 'Budgets',
      heading: '',
      text: 'The second version.',
      paragraph_index: 0,
      license_type: 'mit',
      rights_holder: 'Us',
      retention_years: 3,
      source_uri: pathToFileURL(changing).href,
    },
    {
      title: 'RAG',
      heading: '',
      text: 'RAG is retrieval-augmented generation.',
      paragraph_index: 0,
      license_type: 'cc_by',
      rights_holder: 'Us',
      retention_years: 3,
      source_uri: pathToFileURL(join(home, 'docs/b/rag.md')).href,
    },
  ]);
});

test('broken files are reported by name with the reason, and the rest goes on', async () => {
  write('a.pdf', '%PDF-1.7 cut off');
  write('b.txt', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0]));
  write('c.md', '---\nlicense: shareware\n---\nText.');
  write('d.html', '<p>Good.</p>');
  const missing = join(home, 'missing.md');
  const picture = write('picture.png', 'x');
  const report = await run([home, missing, picture]);
  expect(report.created).toBe(1);
  expect(report.failed.map(({ path, reason }) => [path.slice(home.length + 1), reason])).toEqual([
    ['a.pdf', expect.stringContaining('damaged')],
    ['b.txt', expect.stringContaining('NUL')],
    ['c.md', expect.stringContaining('license is not a known licence')],
    ['missing.md', 'does not exist'],
    ['picture.png', expect.stringContaining('is none of Markdown')],
  ]);
});

test('hidden files, unknown types, empty files, index pages and what was read already are reported as skipped', async () => {
  write('.hidden.md', 'x');
  write('logo.png', 'x');
  write('empty.txt', ' \n');
  write('manual/searchindex.js', '');
  write('manual/genindex.html', '<p>Index</p>');
  write('manual/_sources/a.txt', 'copy');
  write('manual/a.html', '<p>Text</p>');
  symlinkSync(join(home, 'manual/a.html'), join(home, 'z.html'));
  symlinkSync(home, join(home, 'manual/loop'));
  symlinkSync('itself', join(home, 'itself'));
  const report = await run([home]);
  expect(report.created).toBe(1);
  expect(report.skipped.map(({ path }) => path.slice(home.length + 1))).toEqual([
    '.hidden.md',
    'empty.txt',
    'logo.png',
    'manual/_sources',
    'manual/genindex.html',
    'manual/loop',
    'manual/searchindex.js',
    'z.html',
  ]);
  expect(report.failed).toEqual([{ path: join(home, 'itself'), reason: 'is a link that leads to itself' }]);
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is reported', async () => {
  chmodSync(write('secret.md', 'x'), 0o000);
  expect((await run([home])).failed).toMatchObject([{ reason: 'may not be read by this user' }]);
});

test('a sidecar file states the metadata of a PDF or HTML file', async () => {
  write('a.html', '<title>Page</title><p>Text</p>');
  write('a.html.yaml', 'license: cc_by_nc\nsourceUri: https://example.org/a\n');
  const report = await run([home], { license: 'mit' });
  expect(report).toMatchObject({ created: 1, skipped: [], failed: [] });
  const rows = await db.query('select license_type from provenance where source_uri = $1', ['https://example.org/a']);
  expect(rows).toEqual([{ license_type: 'cc_by_nc' }]);
});

test('a directory that is published elsewhere is stored with that address', async () => {
  write('a b/ペン.md', 'Text.');
  await run([home], {}, 'https://docs.example.org/v1/');
  const rows = await db.query("select source_uri from provenance where source_uri like 'https://docs.%'");
  expect(rows).toEqual([{ source_uri: 'https://docs.example.org/v1/a%20b/%E3%83%9A%E3%83%B3.md' }]);
});

test('two files with one address are not merged silently, and a title for several files is rejected', async () => {
  write('a.md', '---\nsourceUri: https://example.org/same\n---\nOne.');
  write('b.md', '---\nsourceUri: https://example.org/same\n---\nTwo.');
  expect((await run([home])).failed).toMatchObject([{ reason: expect.stringContaining('has the same sourceUri as') }]);
  await expect(run([home], { title: 'All' })).rejects.toThrow(/for one file/);
});

test('progress counts every file', async () => {
  for (let at = 0; at < 7; at++) write(`${at}.md`, `Text ${at}.`);
  const seen: IngestProgress[] = [];
  const onProgress = (progress: IngestProgress) => seen.push(progress);
  await ingest([home], { metadata: {}, sourceBase: null }, { store, onProgress, clock: () => performance.now() });
  expect(seen.map(({ done, total }) => [done, total])).toEqual([1, 2, 3, 4, 5, 6, 7].map((done) => [done, 7]));
  expect(seen.at(-1)?.passages).toBe(7);
});

test('an unavailable store stops the run instead of failing every file', async () => {
  for (let at = 0; at < 30; at++) write(`${at}.md`, `Text ${at}.`);
  let calls = 0;
  const unavailable = async () => {
    calls++;
    throw new Error('connection refused');
  };
  const running = ingest(
    [home],
    { metadata: {}, sourceBase: null },
    { store: unavailable, clock: () => performance.now() },
  );
  await expect(running).rejects.toThrow('connection refused');
  expect(calls).toBeLessThan(10);
});
