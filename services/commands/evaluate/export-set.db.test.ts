import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { asRole } from '../../../test/kit/database/as-role.ts';
import { insertDialogue, insertMaterial, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { type ExportSetFlags, runExportSet } from './export-set.ts';

const db = await testDatabase();
const { pool } = asRole(db.url, 'rag_worker');
const now = () => new Date('2026-11-30T00:00:00Z');
const yesterday = '2026-11-29T00:00:00Z';

async function exported(flags: Partial<ExportSetFlags>) {
  const written: string[] = [];
  const printed: string[] = [];
  const all = { votes: 'down', days: '30', limit: '100', ...flags };
  await runExportSet(all, {
    pool,
    commercialUse: false,
    now,
    write: (text) => void written.push(text),
    print: (line) => void printed.push(line),
  });
  return { lines: written.map((line) => JSON.parse(line)), printed: printed.join('\n') };
}

async function insertDocument(values: Record<string, unknown>): Promise<string> {
  const id = await insertMaterial(db);
  const all = {
    content_id: id,
    content_type: 'material',
    license_type: 'cc_by',
    permission_flag: false,
    ...values,
  };
  const names = Object.keys(all);
  const places = names.map((_, index) => `$${index + 1}`).join(', ');
  await db.query(
    `insert into provenance (id, acquisition_method, ${names.join(', ')}) values (gen_random_uuid(), 'manual_upload', ${places})`,
    Object.values(all),
  );
  return id;
}

const cite = (contentId: string, excerpt: string) => ({
  source: 'Handbook',
  sourceType: 'material',
  excerpt,
  confidence: 1,
  timestamp: yesterday,
  valid: true,
  url: 'https://docs.example/handbook.html',
  contentId,
});

test('questions with a down-vote become lines to label, and text of documents appears only where rights allow', async () => {
  const open = await insertDocument({});
  const restricted = await insertDocument({ access_policy: JSON.stringify({ readGroups: ['staff'] }) });
  const unlicensed = await insertDocument({ license_type: 'all_rights_reserved' });
  const vote = (value: number, contentId: string, query: string) =>
    insertDialogue(db, {
      query,
      response: `Answer to ${query} [1]`,
      outcome: 'answered',
      user_feedback: value,
      created_at: yesterday,
      citations: [cite(contentId, 'An excerpt.')],
    });
  await vote(-1, open, 'open');
  await vote(-1, restricted, 'restricted');
  await vote(-1, unlicensed, 'unlicensed');
  const liked = await vote(1, open, '営業時間は?');
  await insertDialogue(db, {
    query: 'too old',
    outcome: 'answered',
    user_feedback: -1,
    created_at: '2026-09-01T00:00:00Z',
  });
  const erasing = await insertUser(db);
  await insertDialogue(db, {
    query: 'of a user who leaves',
    user_id: erasing,
    outcome: 'answered',
    user_feedback: -1,
    created_at: yesterday,
  });
  await db.query('insert into erasure_fence (id, user_sha256, asked_until) values ($1, sha256(uuid_send($2)), now())', [
    randomUUID(),
    erasing,
  ]);

  const down = await exported({});
  expect(down.lines.map(({ question, answer }) => [question, answer]).sort()).toEqual([
    ['open', 'Answer to open [1]'],
    ['restricted', null],
    ['unlicensed', null],
  ]);
  expect(down.lines[0]).not.toHaveProperty('relevant');
  expect(down.printed).toContain('3 questions; 2 answers withheld');

  const up = await exported({ votes: 'up' });
  expect(up.lines).toEqual([
    {
      id: liked,
      question: '営業時間は?',
      language: 'ja',
      relevant: [{ document: 'https://docs.example/handbook.html', contains: 'An excerpt.' }],
      vote: 1,
      outcome: 'answered',
      answer: 'Answer to 営業時間は? [1]',
    },
  ]);
  await expect(exported({ votes: 'sideways' })).rejects.toThrow('--votes: sideways must be up, down or all');
});
