/** The statements of docs/audit.md, read from there and run on a database that has something to tell. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import type { Citation } from '../../services/chat/turn.ts';
import { createStoreContent } from '../../services/postgres/content/store-content.ts';
import { insertTurns } from '../../services/postgres/dialogues/insert-turns.ts';
import type { ContentDocument } from '../../services/provenance/content.ts';
import { licensesThatGrantUse } from '../../services/provenance/may-use.ts';
import { answeredTurn } from '../kit/answered-turn.ts';
import { testDatabase } from '../kit/database.ts';
import { insertUser } from '../kit/fixtures.ts';
import { fillVariables } from '../kit/markdown-blocks.ts';

const db = await testDatabase();
const guide = readFileSync('docs/audit.md', 'utf8');
const statements = new Map(
  guide
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', /```sql\n(.*?)```/s.exec(section)?.[1] ?? null]),
);
const asked = new Set<string>();

/** Runs a question's statement as psql would, with its variables. */
async function ask(question: string, variables: Record<string, string> = {}) {
  const statement = statements.get(question);
  if (statement === null || statement === undefined) throw new Error(`docs/audit.md has no statement for: ${question}`);
  asked.add(question);
  return db.query(fillVariables(statement, variables));
}

const rights = { license: null, rightsHolder: null, permission: null, externalShareConsent: null, accessPolicy: null };

async function takeIn(name: string, values: Partial<ContentDocument> = {}): Promise<string> {
  const sourceUri = `https://example.org/${name}`;
  await createStoreContent(db.pool)({
    ...rights,
    sourceUri,
    path: name,
    origin: { source: 'local', key: name, stamp: null },
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

const tides = await takeIn('tides', { license: 'cc_by_sa', rightsHolder: 'The harbour', externalShareConsent: true });
const waves = await takeIn('waves', {
  license: 'cc_by_nc',
  permission: true,
  accessPolicy: { readGroups: ['sailors'] },
});
const untold = await takeIn('untold', { retentionYears: 1, acquiredAt: new Date('2020-03-05T00:00:00Z') });
await db.query(`update provenance set created_at = '2026-03-01T03:00:00Z' where content_type = 'material'`);

const userId = await insertUser(db);
const turn = (at: string, citations: readonly Citation[], values = {}) =>
  answeredTurn({ id: v7(), userId, askedAt: new Date(at), citations: [...citations], ...values });
const march = turn('2026-03-07T04:05:06Z', [citing(tides, 'tides'), citing(waves, 'waves')], {
  license: 'all_rights_reserved',
  model: 'extractive',
  costJpy: 0,
});
const bluff = turn('2026-03-31T15:00:01Z', [citing(waves, 'waves', false)], { model: 'gpt-7', costJpy: 1.25 });
const unpriced = turn('2026-04-02T00:00:00Z', [citing(untold, 'untold')], { model: 'gpt-7', costJpy: null });
await insertTurns(db.pool, [march, bluff, unpriced]);

const ids = (rows: readonly Record<string, unknown>[]) => rows.map(({ id }) => id);

test('which answers used a material', async () => {
  expect(ids(await ask('Which answers used material X?', { content: waves }))).toEqual([march.id, bluff.id]);
});

test('under which licence an answer may be reused, and from which sources, as they were when it was given', async () => {
  const question = 'Under which licence may answer Y be reused, and from which sources?';
  const before = await ask(question, { answer: march.id });
  expect(before).toMatchObject([
    { answer_license: 'all_rights_reserved', cited: 'tides', license_type: 'cc_by_sa', rights_holder: 'The harbour' },
    { answer_license: 'all_rights_reserved', cited: 'waves', license_type: 'cc_by_nc', permission_flag: true },
  ]);
  await takeIn('tides', { license: 'proprietary', sha256: 'later' });
  expect(await ask(question, { answer: march.id })).toEqual(before);
});

test('which answers rest on content that is no longer what or where it was', async () => {
  await db.query(`update provenance set verification_status = 'hash_mismatch' where content_id = $1`, [waves]);
  const question =
    'Which answers rest on content that was removed, replaced, has expired or no longer matches its hash?';
  expect((await ask(question)).map(({ id, since }) => [id, since]).sort()).toEqual(
    [
      [march.id, 'replaced'],
      [march.id, 'hash_mismatch'],
      [bluff.id, 'hash_mismatch'],
      [unpriced.id, 'expired'],
    ].sort(),
  );
});

test('which answers cite what does not stand in its source', async () => {
  expect(await ask('Which answers cite what does not stand in its source?')).toMatchObject([
    { id: bluff.id, not_found: ['waves'] },
  ]);
});

test('what went to a remote model without consent', async () => {
  const rows = await ask('Was anything given to a remote model that its owner did not consent to?');
  expect(rows.map(({ id, content_id }) => [id, content_id])).toEqual([
    [bluff.id, waves],
    [unpriced.id, untold],
  ]);
});

test('which answers lack provenance, and which were changed', async () => {
  expect(await ask('Has every answer its provenance?')).toEqual([]);
  expect(await ask('Was an answer changed after it was given?')).toEqual([]);
  await db.query(`update ai_dialogue_log set response = 'another' where id = $1`, [bluff.id]);
  expect(ids(await ask('Was an answer changed after it was given?'))).toEqual([bluff.id]);
});

test('what was held on a day, in the version of that day', async () => {
  const held = async (day: string) => (await ask('What did we hold on day D?', { day })).map((row) => row.source_uri);
  expect(await held('2026-02-28')).toEqual([]);
  expect(await held('2026-03-01')).toHaveLength(3);
  const [now] = await db.query(`select (now() at time zone 'Asia/Tokyo')::date::text as day`);
  await db.query(`update provenance set superseded_at = now() - interval '2 days' where superseded_at is not null`);
  const rows = await ask('What did we hold on day D?', { day: now?.day });
  expect(rows.map(({ hash_sha256 }) => hash_sha256)).toEqual(['later', 'untold', 'waves']);
});

test('which content lacks permission is what the rule says', async () => {
  const question = 'Which content lacks permission?';
  expect((await ask(question)).map(({ content_id }) => content_id)).toEqual([tides, untold]);
  const listed = [...(statements.get(question) ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name);
  expect(listed.filter((name) => name !== 'ai_response')).toEqual(licensesThatGrantUse(false));
});

test('who may read a content, and how it came to be what it is', async () => {
  expect(await ask('Who may read content C?', { content: waves })).toMatchObject([
    { groups: ['sailors'], countries: null, until: null, remote_models_too: false },
  ]);
  const versions = await ask('Who changed what of content C, and when?', { content: tides });
  expect(versions.map(({ license_type }) => license_type)).toEqual(['cc_by_sa', 'proprietary']);
});

test('what should be gone and is not', async () => {
  expect(await ask('What should be gone and is not?')).toMatchObject([{ content_id: untold, passages: 1 }]);
});

test('which sources carried the answers of a month, by its days in Tokyo', async () => {
  const period = { first: '2026-03-01', last: '2026-03-31' };
  const rows = await ask('Which sources carried the answers of a period?', period);
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

test('what the models cost by month in Tokyo, with unpriced answers told apart from free ones', async () => {
  expect(await ask('What did the models cost, by month?')).toEqual([
    { month: '2026-03', model_used: 'extractive', answers: 1, yen: 0, unpriced: 0 },
    { month: '2026-04', model_used: 'gpt-7', answers: 2, yen: 1.25, unpriced: 1 },
  ]);
});

test.each([
  'Who was erased, and what went?',
  'Which promises were kept, day by day?',
  'Did the nightly jobs run?',
  'What content did retention remove, and when?',
  'Which old dialogues were deleted for their age?',
])('%s is answered by a statement that runs', async (question) => {
  expect(await ask(question)).toEqual([]);
});

test('every statement of the guide was run, and every other question has a command', () => {
  for (const [question, statement] of statements) {
    if (statement !== null) expect(asked).toContain(question);
  }
  expect([...statements.values()].filter((statement) => statement === null)).toHaveLength(4);
  expect(guide.match(/^ {4}(npm run|curl)/gm)?.length).toBeGreaterThan(4);
});
