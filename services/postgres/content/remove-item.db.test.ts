import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { contentDocument } from '../../../test/kit/data/content-document.ts';
import { asRole } from '../../../test/kit/database/as-role.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { listDocuments } from './documents.ts';
import { removeDocument } from './remove-item.ts';
import { createStoreContent } from './store-content.ts';

const db = await testDatabase();
const worker = asRole(db.url, 'rag_worker');
const store = createStoreContent(db.pool);

test('a document that was replaced after it was listed is removed in its current version, and only once', async () => {
  const document = contentDocument();
  await store(document);
  const [listed] = await listDocuments(db.pool, { named: document.sourceUri, limit: 1 });
  if (listed === undefined) throw new Error('the document is not listed');
  await store({ ...document, sha256: 'b'.repeat(64) });
  const removed = await Promise.all([1, 2].map(() => removeDocument(worker.pool, listed, randomUUID())));
  expect(removed.toSorted()).toEqual([0, 1]);
  expect(
    await db.query(
      `select left(hash_sha256, 1) as hash, provenance.removed_at is not null as removed, retention_audit.passages
       from provenance left join retention_audit on provenance_id = provenance.id
       where provenance.content_id = $1 order by hash`,
      [listed.contentId],
    ),
  ).toEqual([
    { hash: 'a', removed: false, passages: null },
    { hash: 'b', removed: true, passages: 1 },
  ]);
});
