import { expect, test } from 'vitest';
import { insertDialogue } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { countExpiredCitations } from './retention-status.ts';

const db = await testDatabase();
const asked = '2026-03-10T03:00:00Z';
const since = new Date('2026-03-10T02:59:59Z');

async function content(values: string): Promise<string> {
  const [row] = await db.query(
    `insert into provenance (content_id, content_type, acquired_at, retention_years, superseded_at, removed_at)
     values (gen_random_uuid(), 'note_article', ${values}) returning content_id`,
  );
  return (row as { content_id: string }).content_id;
}

async function cite(citations: unknown, at = asked): Promise<void> {
  await insertDialogue(db, { created_at: at, citations });
}

test('only citations of content that had expired or been removed before the question are counted', async () => {
  const expired = await content(`'2025-03-10T03:00:00Z', 1, null, null`);
  const removed = await content(`'2026-01-01', null, null, '2026-03-10T02:00:00Z'`);
  const expiresLater = await content(`'2025-03-10T03:00:01Z', 1, null, null`);
  const removedLater = await content(`'2026-01-01', null, null, '2026-03-10T03:00:01Z'`);
  const former = await content(`'2025-01-01', 1, '2025-12-01', null`);
  await db.query(
    `insert into provenance (content_id, content_type, acquired_at) values ('${former}', 'note_article', '2025-12-01')`,
  );
  expect(await countExpiredCitations(db.pool, since)).toBe(0);
  await cite([expiresLater, removedLater, former].map((contentId) => ({ contentId })));
  expect(await countExpiredCitations(db.pool, since)).toBe(0);
  await cite([expired, removed, expiresLater].map((contentId) => ({ contentId })));
  await cite([{ contentId: expired }]);
  await cite([{ contentId: expired }], '2026-03-10T02:59:58Z');
  expect(await countExpiredCitations(db.pool, since)).toBe(3);
});

test('citations written by other programs are ignored', async () => {
  await cite([{ contentId: 'chapter 3' }, 7, null, { contentId: '------------------------------------' }, 'x', {}]);
  expect(await countExpiredCitations(db.pool, since)).toBe(3);
});
