/** Runs the statements of docs/audit.md on a database with data. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import type { Citation } from '../../services/chat/turn.ts';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { insertTurns } from '../../services/postgres/dialogues/insert-turns.ts';
import type { ContentDocument } from '../../services/provenance/content.ts';
import { licensesThatGrantUse } from '../../services/provenance/may-use.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { insertUser } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { fillVariables } from '../kit/files/markdown-blocks.ts';

const db = await testDatabase();
const guide = readFileSync('docs/audit.md', 'utf8');
const statements = new Map(
  guide
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', /```sql\n(.*?)```/s.exec(section)?.[1] ?? null]),
);
const run = new Set<string>();

/** Runs the statement of a question as psql would, with its variables. */
async function query(question: string, variables: Record<string, string> = {}) {
  const statement = statements.get(question);
  if (statement === null || statement === undefined) throw new Error(`docs/audit.md has no statement for: ${question}`);
  run.add(question);
  return db.query(fillVariables(statement, variables));
}

const rights = { license: null, rightsHolder: null, permission: null, externalShareConsent: null, accessPolicy: null };

async function storeDocument(name: string, values: Partial<ContentDocument> = {}): Promise<string> {
  const sourceUri = `https://example.org/${name}`;
  await createStoreContent(db.pool)({
    ...rights,
    sourceUri,
    path: name,
    origin: { source: 'local', key: name, versionHash: null },
    title: name,
    language: null,
    publishedAt: null,
    contentType: 'material',
    retentionYears: null,
    acquisitionMethod: 'manual_upload',
    acquiredAt: null,
    manifest: null,
    sha256: name,
    passages: [
      { position: 0, paragraphIndex: 0, pageNumber: null, startSeconds: null, title: name, heading: '', text: name },
    ],
    ...values,
  });
  const [row] = await db.query(
    'select content_id as id from provenance where source_uri = $1 and superseded_at is null',
    [sourceUri],
  );
  return row?.id;
}

function citing(contentId: string, source: string, valid = true): Citation {
  return { ...(answeredTurn().citations[0] as Citation), contentId, passageId: randomUUID(), source, valid };
}

const tides = await storeDocument('tides', {
  license: 'cc_by_sa',
  rightsHolder: 'The harbour',
  externalShareConsent: true,
});
const waves = await storeDocument('waves', {
  license: 'cc_by_nc',
  permission: true,
  accessPolicy: { readGroups: ['sailors'] },
});
const unlicensed = await storeDocument('unlicensed', {
  retentionYears: 1,
  acquiredAt: new Date('2020-03-05T00:00:00Z'),
});
await db.query(`update provenance set created_at = '2026-03-01T03:00:00Z' where content_type = 'material'`);

const userId = await insertUser(db);
const turn = (at: string, citations: readonly Citation[], values = {}) =>
  answeredTurn({ id: v7(), userId, askedAt: new Date(at), citations: [...citations], ...values });
const march = turn('2026-03-07T04:05:06Z', [citing(tides, 'tides'), citing(waves, 'waves')], {
  license: 'all_rights_reserved',
  model: 'extractive',
  costJpy: 0,
});
const invalidCitation = turn('2026-03-31T15:00:01Z', [citing(waves, 'waves', false)], {
  model: 'gpt-7',
  costJpy: 1.25,
});
const unpriced = turn('2026-04-02T00:00:00Z', [citing(unlicensed, 'unlicensed')], { model: 'gpt-7', costJpy: null });
await insertTurns(db.pool, [march, invalidCitation, unpriced]);

const ids = (rows: readonly Record<string, unknown>[]) => rows.map(({ id }) => id);

test('lists the answers that used a material', async () => {
  expect(ids(await query('Which answers used material X?', { content: waves }))).toEqual([
    march.id,
    invalidCitation.id,
  ]);
});

test('shows the licence of an answer and its sources as they were when the question was asked', async () => {
  const question = 'Under which licence may answer Y be reused, and what are its sources?';
  const before = await query(question, { answer: march.id });
  expect(before).toMatchObject([
    { answer_license: 'all_rights_reserved', cited: 'tides', license_type: 'cc_by_sa', rights_holder: 'The harbour' },
    { answer_license: 'all_rights_reserved', cited: 'waves', license_type: 'cc_by_nc', permission_flag: true },
  ]);
  await storeDocument('tides', { license: 'proprietary', sha256: 'later' });
  expect(await query(question, { answer: march.id })).toEqual(before);
});

test('lists the answers whose documents were deleted, replaced, expired or changed', async () => {
  await db.query(`update provenance set verification_status = 'hash_mismatch' where content_id = $1`, [waves]);
  const question = 'Which answers cite documents that were deleted, replaced, expired or changed?';
  expect((await query(question)).map(({ id, since }) => [id, since]).sort()).toEqual(
    [
      [march.id, 'replaced'],
      [march.id, 'hash_mismatch'],
      [invalidCitation.id, 'hash_mismatch'],
      [unpriced.id, 'expired'],
    ].sort(),
  );
});

test('lists the answers with invalid citations', async () => {
  expect(await query('Which answers have invalid citations?')).toMatchObject([
    { id: invalidCitation.id, not_found: ['waves'] },
  ]);
});

test('lists the documents that were sent to a remote model without consent', async () => {
  const rows = await query('Were documents sent to a remote model without consent?');
  expect(rows.map(({ id, content_id }) => [id, content_id])).toEqual([
    [invalidCitation.id, waves],
    [unpriced.id, unlicensed],
  ]);
});

test('lists the answers without provenance and the answers that were changed', async () => {
  expect(await query('Does every answer have provenance?')).toEqual([]);
  expect(await query('Was an answer changed after it was sent?')).toEqual([]);
  await db.query(`update ai_dialogue_log set response = 'another' where id = $1`, [invalidCitation.id]);
  expect(ids(await query('Was an answer changed after it was sent?'))).toEqual([invalidCitation.id]);
});

test('lists the documents of a day in the version of that day', async () => {
  const held = async (day: string) =>
    (await query('Which documents were stored on day D?', { day })).map((row) => row.source_uri);
  expect(await held('2026-02-28')).toEqual([]);
  expect(await held('2026-03-01')).toHaveLength(3);
  const [now] = await db.query(`select (now() at time zone 'Asia/Tokyo')::date::text as day`);
  await db.query(`update provenance set superseded_at = now() - interval '2 days' where superseded_at is not null`);
  const rows = await query('Which documents were stored on day D?', { day: now?.day });
  expect(rows.map(({ hash_sha256 }) => hash_sha256)).toEqual(['later', 'unlicensed', 'waves']);
});

test('lists the documents without permission by the rule that the search uses', async () => {
  const question = 'Which documents lack permission?';
  expect((await query(question)).map(({ content_id }) => content_id)).toEqual([tides, unlicensed]);
  const listed = [...(statements.get(question) ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name);
  expect(listed.filter((name) => name !== 'ai_response')).toEqual(licensesThatGrantUse(false));
});

test('shows who may read a document, and its versions', async () => {
  expect(await query('Who may read document C?', { content: waves })).toMatchObject([
    { groups: ['sailors'], countries: null, until: null, remote_models_too: false },
  ]);
  const versions = await query('What changed in document C, and when?', { content: tides });
  expect(versions.map(({ license_type }) => license_type)).toEqual(['cc_by_sa', 'proprietary']);
});

test('lists the expired documents that were not deleted', async () => {
  expect(await query('Which expired documents were not deleted?')).toMatchObject([
    { content_id: unlicensed, passages: 1 },
  ]);
});

test('counts the answers per source of a month in Asia/Tokyo', async () => {
  const period = { first: '2026-03-01', last: '2026-03-31' };
  const rows = await query('Which sources did the answers of a period cite?', period);
  expect(rows.map(({ source, answers }) => [source, answers])).toEqual(
    tides < waves
      ? [
          ['tides', 1],
          ['waves', 1],
        ]
      : [
          ['waves', 1],
          ['tides', 1],
        ],
  );
});

test('sums the cost per month in Asia/Tokyo and distinguishes unpriced answers from free ones', async () => {
  expect(await query('What did the models cost per month?')).toEqual([
    { month: '2026-03', model_used: 'extractive', answers: 1, yen: 0, unpriced: 0 },
    { month: '2026-04', model_used: 'gpt-7', answers: 2, yen: 1.25, unpriced: 1 },
  ]);
});

test.each([
  'What was erased, and when?',
  'Which objectives were met on each day?',
  'Did the nightly jobs run?',
  'Which documents did retention delete, and when?',
  'Which dialogues did retention delete?',
])('%s has a statement that runs', async (question) => {
  expect(await query(question)).toEqual([]);
});

test('every statement of the page was run, and every other question has a command', () => {
  for (const [question, statement] of statements) {
    if (statement !== null) expect(run).toContain(question);
  }
  expect([...statements.values()].filter((statement) => statement === null)).toHaveLength(4);
  expect(guide.match(/^ {4}(npm run|curl)/gm)?.length).toBeGreaterThan(4);
});
