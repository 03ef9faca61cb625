import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { contentDocument } from '../../../test/kit/data/content-document.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { pdfWithManifest } from '../../../test/kit/files/pdf-with-manifest.ts';
import { connect } from '../../postgres/client/connect.ts';
import { createStoreContent } from '../../postgres/content/store-content.ts';
import { runIngest } from './ingest.ts';
import { runVerifyContent } from './verify-content.ts';

const db = await testDatabase();
// With the worker's role, whose rights must suffice.
const pool = connect(db.url, { name: 'test-worker', max: 5, role: 'rag_worker' });
afterAll(() => pool.end());
const store = createStoreContent(pool);
const home = mkdtempSync(join(tmpdir(), 'rag-verify-'));
afterAll(() => rmSync(home, { recursive: true }));
const path = (name: string) => join(home, name);
const uri = (name: string) => pathToFileURL(path(name)).href;
const signal = new AbortController().signal;

async function run(flags = {}) {
  const pieces: string[] = [];
  const terminal = { columns: undefined, write: (text: string) => void pieces.push(text) };
  const code = await runVerifyContent(flags, {
    pool,
    now: () => new Date(),
    clock: () => 0,
    terminal,
    signal,
  });
  return { code, lines: pieces.join('').trimEnd().split('\n') };
}

async function ingest(...names: string[]) {
  const terminal = { columns: undefined, write: () => {} };
  expect(
    await runIngest(
      names.map(path),
      { license: 'mit' },
      { store, commercialUse: false, terminal, clock: () => 0, now: () => new Date(), signal },
    ),
  ).toBe(0);
}

const statuses = async () =>
  Object.fromEntries(
    (await db.query('select source_uri, verification_status from provenance where superseded_at is null')).map(
      (row) => [row.source_uri?.split('/').at(-1), row.verification_status],
    ),
  );

test('each changed document is reported by its status, and nothing is removed', { timeout: 120_000 }, async () => {
  const signed = Buffer.from(
    await pdfWithManifest('A manifest states where this document came from, and who made it.'),
  );
  const tampered = Buffer.from(signed);
  tampered.write('B', tampered.indexOf('A manifest'), 'latin1');
  for (const name of ['same.md', 'changed.md', 'gone.md']) writeFileSync(path(name), `# ${name}\n\nSeven is odd.\n`);
  for (const name of ['same.pdf', 'changed.pdf', 'resigned.pdf']) writeFileSync(path(name), signed);
  writeFileSync(path('tampered.pdf'), tampered);
  await ingest('same.md', 'changed.md', 'gone.md', 'same.pdf', 'changed.pdf', 'resigned.pdf', 'tampered.pdf');
  await store(contentDocument({ sourceUri: 'https://example.org/published', acquiredAt: null }));
  expect((await statuses())['tampered.pdf']).toBe('manifest_invalid');
  const hashes = await db.query('select count(hash_c2pa) from provenance');
  expect(hashes).toEqual([{ count: 4 }]);
  await db.query(`update provenance set hash_sha256 = null where source_uri = $1`, [uri('same.md')]);
  await db.query(
    `insert into provenance (content_id, content_type, source_uri, hash_sha256) values
    (gen_random_uuid(), 'generated', $1, 'abc'), (gen_random_uuid(), 'generated', null, 'abc'),
    (gen_random_uuid(), 'generated', 'file://elsewhere/path', 'abc'),
    (gen_random_uuid(), 'generated', 'file:///dev/zero', 'abc')`,
    [path('same.md')],
  );

  writeFileSync(path('changed.md'), 'Eleven is odd.\n');
  rmSync(path('gone.md'));
  writeFileSync(path('changed.pdf'), tampered);
  writeFileSync(path('resigned.pdf'), await pdfWithManifest('A manifest states where this document came from.'));
  const passages = await db.query('select * from passage order by id');
  const { code, lines } = await run();
  expect(code).toBe(1);
  expect(
    lines
      .slice(0, -1)
      .map((line) => line.split('  ').slice(0, 2))
      .toSorted(),
  ).toEqual(
    [
      ['hash_mismatch', uri('changed.md')],
      ['hash_mismatch', uri('changed.pdf')],
      ['manifest_invalid', uri('tampered.pdf')],
      ['manifest_mismatch', uri('resigned.pdf')],
      ['no_hash', uri('same.md')],
      ['unreachable', uri('gone.md')],
    ].toSorted(),
  );
  expect(lines.at(-1)).toBe(
    'verified 12 documents in 0.0 s: 1 verified, 2 hash_mismatch, 1 manifest_mismatch, 1 manifest_invalid, 1 unreachable, 5 no_fetcher, 1 no_hash',
  );
  expect(await statuses()).toMatchObject({
    'same.pdf': 'verified',
    'changed.md': 'hash_mismatch',
    'gone.md': 'unreachable',
    published: 'no_fetcher',
  });
  expect(await db.query('select * from passage order by id')).toEqual(passages);
  expect(await db.query('select job, state, rows_written from job_run')).toEqual([
    { job: 'content_verification', state: 'succeeded', rows_written: 12 },
  ]);
});

test('the least recently verified documents come first, up to the limit', async () => {
  await db.query(
    `delete from passage; update passage_corpus set passages = 0, term_count = 0; truncate passage_term, provenance`,
  );
  for (const name of ['a.md', 'b.md', 'c.md']) writeFileSync(path(name), `Text of ${name}, seven lines.\n`);
  await ingest('a.md', 'b.md', 'c.md');
  const age = (name: string, at: string | null) =>
    db.query(`update provenance set last_verified_at = $2, verification_status = 'old' where source_uri = $1`, [
      uri(name),
      at,
    ]);
  await age('a.md', '2025-03-01');
  await age('b.md', '2025-01-01');
  await age('c.md', null);
  expect((await run({ limit: '2' })).code).toBe(0);
  expect(await statuses()).toEqual({ 'a.md': 'old', 'b.md': 'verified', 'c.md': 'verified' });
  expect((await run({ limit: '1' })).lines).toEqual(['verified 1 document in 0.0 s: 1 verified']);
  expect((await statuses())['a.md']).toBe('verified');
  await expect(run({ limit: '0' })).rejects.toThrow('--limit');
});

test('ingesting an unchanged document again verifies it, and stores a missing manifest hash', async () => {
  writeFileSync(path('d.pdf'), await pdfWithManifest('Seven is an odd number, and so is eleven.'));
  await ingest('d.pdf');
  const [kept] = await db.query('select hash_c2pa from provenance where source_uri = $1', [uri('d.pdf')]);
  await db.query(
    `update provenance set last_verified_at = '2020-01-01', verification_status = 'unreachable', hash_c2pa = null where source_uri = $1`,
    [uri('d.pdf')],
  );
  await ingest('d.pdf');
  const rows = await db.query(
    `select hash_c2pa, verification_status, last_verified_at > now() - interval '1 minute' as fresh from provenance where source_uri = $1`,
    [uri('d.pdf')],
  );
  expect(rows).toEqual([{ hash_c2pa: kept?.hash_c2pa, verification_status: 'verified', fresh: true }]);
  expect(kept?.hash_c2pa).toMatch(/^[0-9a-f]{64}$/);
});
