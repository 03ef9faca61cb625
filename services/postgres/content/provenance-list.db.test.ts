import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { insertDialogue, insertMaterial } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { findExpiringContent, listProvenance, type ProvenanceFilter } from './provenance-list.ts';

const db = await testDatabase();
const all: ProvenanceFilter = {
  contentId: null,
  contentType: null,
  license: null,
  sourceUri: null,
  before: null,
  limit: 100,
};
const dialogue = await insertDialogue(db);

async function insert(values: Record<string, unknown>) {
  const row: Record<string, unknown> = {
    content_id: randomUUID(),
    content_type: 'note_article',
    acquired_at: '2025-01-01 00:00:00+00',
    ...values,
  };
  if (row.content_type === 'material') row.content_id = await insertMaterial(db);
  const names = Object.keys(row);
  await db.query(
    `insert into provenance (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}

await insert({
  source_uri: 'https://note.com/a/1',
  license_type: 'cc_by',
  acquired_at: '2025-03-01 00:00:00+00',
  retention_years: 1,
});
await insert({
  source_uri: 'https://note.com/a/2',
  license_type: 'cc_by_nc',
  acquired_at: '2025-03-20 00:00:00+00',
  retention_years: 1,
});
await insert({
  source_uri: 'https://note.com/b%/3',
  content_type: 'material',
  acquired_at: '2025-05-01 00:00:00+00',
  retention_years: 1,
});
await insert({
  source_uri: 'file:///x.md',
  content_type: 'material',
  license_type: 'cc_by',
  acquired_at: '2025-05-01 00:00:00+00',
});
await insert({
  source_uri: 'https://note.com/a/old',
  acquired_at: '2024-01-01 00:00:00+00',
  retention_years: 1,
  superseded_at: '2025-01-01',
});
await insert({
  source_uri: 'https://note.com/a/gone',
  acquired_at: '2024-01-02 00:00:00+00',
  retention_years: 1,
  removed_at: '2025-02-01',
});
await insert({
  content_type: 'ai_response',
  content_id: dialogue,
  license_type: 'cc_by',
  retention_years: 1,
  acquired_at: '2025-03-02',
});

const uris = async (filter: Partial<ProvenanceFilter>) =>
  (await listProvenance(db.pool, { ...all, ...filter })).map(({ sourceUri }) => sourceUri);

test('content is listed newest first, and the provenance of answers only on request', async () => {
  expect((await uris({})).toSorted()).toHaveLength(6);
  expect((await uris({})).slice(2)).toEqual([
    'https://note.com/a/2',
    'https://note.com/a/1',
    'https://note.com/a/gone',
    'https://note.com/a/old',
  ]);
  const [answer, ...others] = await listProvenance(db.pool, { ...all, contentType: 'ai_response' });
  expect([answer?.contentId, answer?.license, others]).toEqual([dialogue, 'cc_by', []]);
});

test('filters restrict the list, and a source URI prefix is not a pattern', async () => {
  expect((await uris({ license: 'cc_by' })).toSorted()).toEqual(['file:///x.md', 'https://note.com/a/1']);
  expect(await uris({ contentType: 'material', sourceUri: 'https://' })).toEqual(['https://note.com/b%/3']);
  expect(await uris({ sourceUri: 'https://note.com/b%/' })).toEqual(['https://note.com/b%/3']);
  expect(await uris({ sourceUri: 'https://note.com/%' })).toEqual([]);
});

test('pages have no gaps and no repetitions, even with equal times', async () => {
  const seen: string[] = [];
  for (let before: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listProvenance>> = await listProvenance(db.pool, {
      ...all,
      before,
      limit: 1,
    });
    const [row] = page;
    if (row === undefined) break;
    seen.push(row.id);
    before = row.id;
  }
  expect(seen).toEqual((await listProvenance(db.pool, all)).map(({ id }) => id));
  expect(new Set(seen).size).toBe(6);
});

test('content that expires soon or has expired already is listed soonest first', async () => {
  const now = new Date('2026-03-10T00:00:00Z');
  const expiring = async (days: number) =>
    (await findExpiringContent(db.pool, { days, now, limit: 100, after: null })).map(({ sourceUri, expiresAt }) => [
      sourceUri,
      expiresAt,
    ]);
  expect(await expiring(30)).toEqual([
    ['https://note.com/a/1', new Date('2026-03-01T00:00:00Z')],
    ['https://note.com/a/2', new Date('2026-03-20T00:00:00Z')],
  ]);
  expect(await expiring(0)).toHaveLength(1);
  expect(await expiring(60)).toHaveLength(3);
});

test('pages of expiring content have no gaps and no repetitions', async () => {
  const of = { days: 60, now: new Date('2026-03-10T00:00:00Z') };
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: readonly { id: string }[] = await findExpiringContent(db.pool, { ...of, limit: 1, after });
    const [row] = page;
    if (row === undefined) break;
    seen.push(row.id);
    after = row.id;
  }
  const whole = await findExpiringContent(db.pool, { ...of, limit: 100, after: null });
  expect(seen).toEqual(whole.map(({ id }) => id));
  expect(seen).toHaveLength(3);
});
