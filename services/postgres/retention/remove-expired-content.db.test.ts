import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { contentDocument, expectCountsToMatch } from '../../../test/kit/data/content-document.ts';
import { insertDialogue, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import type { ContentDocument } from '../../provenance/content.ts';
import { createStoreContent } from '../content/store-content.ts';
import { countExpiredContent, findExpiredContent, removeExpiredContent } from './expired-content.ts';

const db = await testDatabase();
const store = createStoreContent(db.pool);
const at = new Date('2029-02-03T04:05:06Z');
const runId = randomUUID();
const expired = () => findExpiredContent(db.pool, { at, except: [], limit: 100 });

beforeEach(async () => {
  await db.query('truncate passage, passage_embedding, passage_term, provenance, retention_audit');
  await db.query('update passage_corpus set passages = 0, term_count = 0');
});

async function stored(
  values: Partial<ContentDocument> = {},
  texts: readonly string[] = ['Seven.', 'Eleven.', 'Both.'],
) {
  const document = contentDocument(values, texts);
  await store(document);
  return document.sourceUri;
}

const rowOf = async (sourceUri: string) => {
  const [row] = await db.query('select * from provenance where source_uri = $1 and superseded_at is null', [sourceUri]);
  return row;
};

test('expired content loses its passages and keeps a tombstone and an audit row', async () => {
  const uri = await stored();
  const other = await stored({ retentionYears: 4 }, ['Seven and thirteen.']);
  const materials = await db.query('select * from materials order by id');
  const before = await rowOf(uri);
  const [content, ...others] = await expired();
  expect(others).toEqual([]);
  expect(content).toEqual({
    provenanceId: before?.id,
    contentId: before?.content_id,
    contentType: 'material',
    sourceUri: uri,
    acquiredAt: new Date('2026-02-03T04:05:06Z'),
    retentionYears: 3,
    expiresAt: at,
    reason: 'expired',
    passages: 3,
  });
  if (content === undefined) return;
  expect(await removeExpiredContent(db.pool, content, { at, runId })).toEqual(content);
  expect(await db.query('select distinct title, text from passage')).toEqual([
    { title: 'Numbers', text: 'Seven and thirteen.' },
  ]);
  await expectCountsToMatch(db);
  const after = await rowOf(uri);
  expect(after).toEqual({ ...before, removed_at: expect.any(Date), updated_at: expect.any(Date) });
  expect((await rowOf(other))?.removed_at).toBeNull();
  expect(await db.query('select * from materials order by id')).toEqual(materials);
  expect(await db.query('select * from retention_audit')).toEqual([
    {
      id: expect.any(String),
      run_id: runId,
      removed_at: after?.removed_at,
      provenance_id: before?.id,
      content_id: before?.content_id,
      content_type: 'material',
      source_uri: uri,
      acquired_at: new Date('2026-02-03T04:05:06Z'),
      retention_years: 3,
      expires_at: at,
      reason: 'expired',
      passages: 3,
    },
  ]);
  expect(await expired()).toEqual([]);
});

test('an expired former version does not affect its replacement', async () => {
  const uri = await stored();
  await store({ ...contentDocument({ sourceUri: uri, retentionYears: 9, sha256: 'b'.repeat(64) }, ['Seventeen.']) });
  const [former] = await expired();
  expect(former).toMatchObject({ reason: 'former_version_expired', passages: 0 });
  if (former === undefined) return;
  await removeExpiredContent(db.pool, former, { at, runId });
  expect(await db.query('select text from passage')).toEqual([{ text: 'Seventeen.' }]);
  expect((await rowOf(uri))?.removed_at).toBeNull();
  expect(await db.query('select reason, passages from retention_audit')).toEqual([
    { reason: 'former_version_expired', passages: 0 },
  ]);
});

test('content whose retention was extended meanwhile stays', async () => {
  await stored();
  const [content] = await expired();
  await db.query('update provenance set retention_years = 4');
  if (content === undefined) return expect.unreachable();
  expect(await removeExpiredContent(db.pool, content, { at, runId })).toBeNull();
  expect(await db.query('select count(*) from passage')).toEqual([{ count: 3 }]);
  expect(await db.query('select * from retention_audit')).toEqual([]);
});

test('concurrent removals of the same content succeed once, with one audit row', async () => {
  await stored();
  const [content] = await expired();
  if (content === undefined) return expect.unreachable();
  const all = await Promise.all(
    Array.from({ length: 6 }, () => removeExpiredContent(db.pool, content, { at, runId: randomUUID() })),
  );
  expect(all.filter((each) => each !== null)).toHaveLength(1);
  expect(await db.query('select passages from retention_audit')).toEqual([{ passages: 3 }]);
  await expectCountsToMatch(db);
});

test('an expired access policy removes nothing, and answers have no content retention', async () => {
  await stored({ retentionYears: null, accessPolicy: { expiresAt: '2027-01-01T00:00:00Z' } });
  const dialogue = await insertDialogue(db);
  await db.query(
    `insert into provenance (content_id, content_type, retention_years, acquired_at) values ($1, 'ai_response', 1, '2020-01-01')`,
    [dialogue],
  );
  expect(await expired()).toEqual([]);
  expect(await countExpiredContent(db.pool, at)).toBe(0);
});

test('a tombstone prevents deleting its material, but not its author', async () => {
  const uri = await stored();
  const user = await insertUser(db);
  await db.query('update provenance set acquired_by = $1', [user]);
  const [content] = await expired();
  if (content === undefined) return expect.unreachable();
  await removeExpiredContent(db.pool, content, { at, runId });
  await expect(db.query('delete from materials where id = $1', [content.contentId])).rejects.toThrow(
    'provenance_material_id_fkey',
  );
  await db.query('delete from users where id = $1', [user]);
  expect((await rowOf(uri))?.acquired_by).toBeNull();
});

/** Adds calendar years in UTC: 29 February becomes the 28th in other years. */
function yearsLater(from: Date, years: number): Date {
  const later = new Date(from);
  later.setUTCFullYear(from.getUTCFullYear() + years);
  if (later.getUTCMonth() !== from.getUTCMonth()) later.setUTCDate(0);
  return later;
}

const leapDay = fc
  .tuple(fc.integer({ min: -100, max: 700 }), fc.integer({ min: 0, max: 86_399_999 }))
  .map(([four, ms]) => new Date(Date.UTC(2000, 1, 29) + four * 4 * 365.25 * 86_400_000 + ms))
  .map((date) => {
    date.setUTCMonth(1, 29);
    return date;
  });
const anyDay = fc.date({
  min: new Date('-001000-01-01T00:00:00Z'),
  max: new Date('+009000-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

test('content expires at the exact instant, on leap days, before year 0 and in the far future, in any time zone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(leapDay, anyDay),
      fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 1000 })),
      fc.constantFrom('UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'),
      async (acquiredAt, years, zone) => {
        const expires = yearsLater(acquiredAt, years);
        const client = await db.pool.connect();
        try {
          await client.query(`begin; set local time zone '${zone}'`);
          await client.query('delete from provenance');
          await client.query(
            `insert into provenance (content_id, content_type, retention_years, acquired_at)
             values (gen_random_uuid(), 'generated', $1, $2)`,
            [years, acquiredAt],
          );
          const found = (moment: Date) =>
            client
              .query('select count(*) from provenance where expires_at <= $1', [moment])
              .then(({ rows }) => rows[0].count);
          expect(await found(new Date(expires.getTime() - 1))).toBe(0);
          expect(await found(expires)).toBe(1);
        } finally {
          await client.query('rollback');
          client.release();
        }
      },
    ),
    { numRuns: 150 },
  );
});
