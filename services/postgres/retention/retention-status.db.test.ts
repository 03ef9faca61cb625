import { expect, test } from 'vitest';
import { insertDialogue } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { retentionMetrics } from '../../catalogue/retention-metrics.ts';
import { verificationStatuses } from '../../provenance/verification.ts';
import { readRetentionStatus } from './retention-status.ts';

const db = await testDatabase();
const expiredBefore = new Date('2026-03-09T17:00:00Z');
const askedBefore = new Date('2026-03-01T15:00:00Z');
const none = Object.fromEntries(retentionMetrics.contentVerification.labels.status.map((status) => [status, 0]));

test('the metric has a label value for every verification status', () => {
  expect(Object.keys(none).toSorted()).toEqual([...verificationStatuses, 'never', 'other'].toSorted());
});

test('an empty database has nothing overdue and zero documents of every status', async () => {
  expect(await readRetentionStatus(db.pool, { expiredBefore, askedBefore })).toEqual({
    overdueContent: 0,
    overdueDialogues: 0,
    contents: none,
    oldestVerification: null,
  });
});

test('expired content that still exists is overdue, and tombstones, answers and former versions are not counted twice', async () => {
  const content = (values: string) =>
    db.query(`insert into provenance
      (content_id, content_type, acquired_at, retention_years, last_verified_at, verification_status, removed_at, superseded_at)
      values (gen_random_uuid(), ${values})`);
  await content(`'generated', '2025-03-09T16:59:59Z', 1, '2026-02-03', 'verified', null, null`);
  await content(`'generated', '2025-03-09T17:00:00Z', 1, '2026-02-01', 'verified', null, null`);
  await content(`'generated', '2020-03-09', 1, '2026-01-01', 'verified', now(), null`);
  await content(`'note_article', '2020-03-09', 1, '2026-01-02', 'hash_mismatch', null, now()`);
  await content(`'generated', now(), null, null, null, null, null`);
  await content(`'generated', now(), null, '2026-03-01', 'checked by hand', null, null`);
  await insertDialogue(db, { created_at: '2026-03-01T14:59:59Z' });
  await insertDialogue(db, { created_at: '2026-03-01T15:00:00Z' });
  const status = await readRetentionStatus(db.pool, { expiredBefore, askedBefore });
  expect(status).toEqual({
    overdueContent: 2,
    overdueDialogues: 1,
    contents: { ...none, verified: 2, never: 1, other: 1 },
    oldestVerification: new Date('2026-02-01T00:00:00Z'),
  });
  const kept = await readRetentionStatus(db.pool, { expiredBefore, askedBefore: null });
  expect(kept.overdueDialogues).toBe(0);
});
