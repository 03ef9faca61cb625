import { expect, test } from 'vitest';
import { contentDocument, expectCountsToMatch as expectCounts } from '../../../test/kit/data/content-document.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { createStoreContent } from './store-content.ts';

const db = await testDatabase();
const store = createStoreContent(db.pool);
const expectCountsToMatch = () => expectCounts(db);

const history = (sourceUri: string) =>
  db.query(
    `select hash_sha256 as hash, superseded_at is null as current, content_id from provenance
     where source_uri = $1 order by created_at, id`,
    [sourceUri],
  );

test('a document is stored with its passages, rights and material', async () => {
  const document = contentDocument({ title: '奇数' }, ['Seven is odd.', '十一は奇数です。']);
  expect(await store(document)).toBe('created');
  const rows = await db.query(
    `select materials.title, license_type, rights_holder, permission_flag, external_share_consent, retention_years,
       access_policy, acquisition_method, acquired_at, hash_sha256, expires_at, text, heading, page_number, start_seconds,
       paragraph_index, terms @@ '奇数' as found
     from provenance join passage using (content_id, content_type) join materials on materials.id = material_id
     where source_uri = $1 order by position`,
    [document.sourceUri],
  );
  expect(rows).toHaveLength(2);
  expect(rows[1]).toEqual({
    title: '奇数',
    license_type: 'cc_by',
    rights_holder: 'Ann Author',
    permission_flag: true,
    external_share_consent: false,
    retention_years: 3,
    access_policy: { readGroups: ['course-7'] },
    acquisition_method: 'manual_upload',
    acquired_at: new Date('2026-02-03T04:05:06Z'),
    hash_sha256: 'a'.repeat(64),
    expires_at: new Date('2029-02-03T04:05:06Z'),
    text: '十一は奇数です。',
    heading: 'Primes › Odd',
    page_number: 12,
    start_seconds: 84,
    paragraph_index: 3,
    found: true,
  });
  await expectCountsToMatch();
});

test('storing an unchanged document changes nothing', async () => {
  const document = contentDocument();
  await store(document);
  const before = await db.query('select id from passage order by id');
  expect(await store({ ...document, path: '/elsewhere/numbers.md' })).toBe('unchanged');
  expect(await db.query('select id from passage order by id')).toEqual(before);
  expect(await history(document.sourceUri)).toHaveLength(1);
});

test('a changed document replaces its passages under the same material and keeps its former provenance', async () => {
  const document = contentDocument({}, ['Seven.', 'Eleven.', 'Thirteen.']);
  await store(document);
  const changed = { ...contentDocument({}, ['Seventeen.']), sourceUri: document.sourceUri, sha256: 'b'.repeat(64) };
  expect(await store(changed)).toBe('replaced');
  const versions = await history(document.sourceUri);
  expect(versions.map(({ hash, current }) => [hash?.[0], current])).toEqual([
    ['a', false],
    ['b', true],
  ]);
  expect(versions[0]?.content_id).toBe(versions[1]?.content_id);
  expect(await db.query('select text from passage where content_id = $1', [versions[0]?.content_id])).toEqual([
    { text: 'Seventeen.' },
  ]);
  await expectCountsToMatch();
});

test('the same file with different rights is a new version', async () => {
  const document = contentDocument();
  await store(document);
  expect(await store({ ...document, license: 'proprietary' })).toBe('replaced');
  expect(await store({ ...document, license: 'proprietary' })).toBe('unchanged');
  expect(await store({ ...document, license: 'proprietary', accessPolicy: null })).toBe('replaced');
});

test('a removed document is restored when it is ingested again', async () => {
  const document = contentDocument();
  await store(document);
  await db.query('update provenance set removed_at = now() where source_uri = $1', [document.sourceUri]);
  expect(await store(document)).toBe('replaced');
  expect(await store(document)).toBe('unchanged');
});

test('a document of another type creates no material', async () => {
  const [before] = await db.query('select count(*) from materials');
  expect(await store(contentDocument({ contentType: 'note_article' }))).toBe('created');
  expect(await db.query('select count(*) from materials')).toEqual([before]);
});

test('an invalid passage stores nothing and keeps the former version', async () => {
  const document = contentDocument({}, ['Seven.', 'Eleven.']);
  await store(document);
  const [good] = contentDocument().passages;
  if (good === undefined) throw new Error('no passage');
  const broken = { ...document, sha256: 'c'.repeat(64), passages: [good, { ...good, position: 1, pageNumber: 0 }] };
  await expect(store(broken)).rejects.toThrow(/page_number/);
  await expect(store({ ...broken, sourceUri: 'https://example.org/never' })).rejects.toThrow(/page_number/);
  expect((await history(document.sourceUri)).map(({ hash, current }) => [hash?.[0], current])).toEqual([['a', true]]);
  expect(await history('https://example.org/never')).toEqual([]);
  await expectCountsToMatch();
});

test('a file with a NUL and a lone surrogate can be stored', async () => {
  const document = contentDocument({ title: 'a\u0000b' }, ['seven\u0000 \ud83d eleven']);
  expect(await store(document)).toBe('created');
  expect(await store(document)).toBe('unchanged');
});

test('documents stored and replaced concurrently keep the statistics correct', async () => {
  const words = ['seven', 'eleven', 'thirteen', '十七', '奇数', 'prime'];
  const documents = Array.from({ length: 13 }, (_, index) =>
    contentDocument({}, [
      words.slice(index % 5).join(' '),
      words
        .slice(0, (index % 5) + 1)
        .reverse()
        .join(' '),
    ]),
  );
  const twice = documents.flatMap((document) => [
    store(document),
    store({ ...document, sha256: 'd'.repeat(64), passages: document.passages.slice(1) }),
    store(document),
  ]);
  await Promise.all(twice);
  const current = await db.query(
    `select source_uri from provenance where superseded_at is null and source_uri = any($1)`,
    [documents.map(({ sourceUri }) => sourceUri)],
  );
  expect(current).toHaveLength(13);
  await expectCountsToMatch();
});
