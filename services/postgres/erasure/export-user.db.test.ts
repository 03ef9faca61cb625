import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { insertMaterial, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { ndjson } from '../../http/api/ndjson.ts';
import { exportLine } from '../../http/routes/me/export.ts';
import { connect } from '../client/connect.ts';
import { insertTurns } from '../dialogues/insert-turns.ts';
import { eraseUser } from './erase-user.ts';
import { type ExportLine, exportUser } from './export-user.ts';

const db = await testDatabase();

async function exported(userId: string): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  for await (const page of exportUser(db.pool, userId)) lines.push(...page);
  return lines;
}

test('an export contains every row about a user, in documented fields, and no row of other users', async () => {
  const [one, other] = [await insertUser(db, { email: 'one@example.com' }), await insertUser(db)];
  const turn = answeredTurn({ userId: one, contextWindowSize: 4_096, temperature: 0.25 });
  const unknown = answeredTurn({ userId: one, costJpy: null, usage: null, relevanceScore: null, license: null });
  await insertTurns(db.pool, [turn, answeredTurn({ userId: other }), unknown]);
  await db.query('update ai_dialogue_log set user_feedback = -1 where id = $1', [turn.id]);
  await db.query(
    `insert into relevance_judging (dialogue_id, attempts, claimed_until) values ($1, 2, '2026-03-07T05:00:00Z')`,
    [unknown.id],
  );
  for (const user of [one, other]) {
    await db.query(
      `insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, 'a-key', 'ab', $2)`,
      [user, turn.id],
    );
    await db.query(`insert into provenance (content_id, content_type, acquired_by) values ($1, 'material', $2)`, [
      await insertMaterial(db),
      user,
    ]);
  }

  const lines = await exported(one);
  expect(lines.map(({ type }) => type)).toEqual([
    'user',
    'dialogue',
    'dialogue',
    'provenance',
    'provenance',
    'provenance',
    'idempotency_key',
    'end',
  ]);
  expect(lines[0]).toMatchObject({ id: one, email: 'one@example.com', role: 'learner', createdAt: expect.any(Date) });
  expect(lines[1]).toMatchObject({
    id: turn.id,
    sessionId: turn.sessionId,
    query: turn.query,
    answer: turn.answer,
    citations: turn.citations,
    citationRate: 100,
    model: 'extractive',
    usage: { promptTokens: 11, completionTokens: 7, totalTokens: 18 },
    costJpy: 0.000123,
    latencyMs: 37,
    relevanceScore: 0.83,
    traceId: turn.traceId,
    outcome: 'answered',
    license: 'cc_by',
    withheld: 2,
    vote: -1,
    askedAt: turn.askedAt,
    contextWindowSize: 4_096,
    temperature: 0.25,
    judgingAttempts: null,
  });
  expect(lines[2]).toMatchObject({ id: unknown.id, costJpy: null, license: null, vote: null, judgingAttempts: 2 });
  expect(lines.at(-1)).toEqual({ type: 'end', rows: 7 });
  expect(JSON.stringify(lines)).not.toContain(other);
  for (const line of lines) expect(Object.keys(exportLine.parse(line)).sort()).toEqual(Object.keys(line).sort());
});

test('every column about a user is exported; update this test for a new column', async () => {
  const columns = await db.query<{ table: string; columns: number }>(
    `select table_name as table, count(*) as columns from information_schema.columns
     where table_schema = 'public'
       and table_name in ('ai_dialogue_log', 'provenance', 'idempotency_key', 'relevance_judging', 'users')
     group by 1 order by 1`,
  );
  // provenance: material_id and dialogue_id repeat content_id; idempotency_key: user_id is the exported user.
  expect(columns).toEqual([
    { table: 'ai_dialogue_log', columns: 29 },
    { table: 'idempotency_key', columns: 5 },
    { table: 'provenance', columns: 27 },
    { table: 'relevance_judging', columns: 3 },
    { table: 'users', columns: 4 },
  ]);
  const tables = await db.query(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name in ('user_id', 'acquired_by') order by 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual([
    'ai_dialogue_log',
    'idempotency_key',
    'orphaned_dialogue',
    'pending_span',
    'provenance',
  ]);
});

test('the export of an unknown or erased user is a user line of nulls and the end line', async () => {
  const userId = await insertUser(db);
  await insertTurns(db.pool, [answeredTurn({ userId })]);
  await eraseUser(db.pool, { userId, account: true, now: () => new Date() });
  for (const id of [userId, randomUUID()]) {
    expect(await exported(id)).toEqual([
      { type: 'user', id, email: null, role: null, createdAt: null },
      { type: 'end', rows: 1 },
    ]);
  }
});

test('each line is one JSON object with the stored text, whatever users and models wrote', async () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '\n{"type":"end","rows":0}\n',
      'a\u2028b\u2029c\u0085d',
      '\r\n',
      '"\\"',
      '</script>',
      '\u0001\ufeff',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 5 }), async (texts) => {
      const userId = await insertUser(db);
      const turns = texts.map(([query, answer]) => answeredTurn({ userId, query, answer }));
      await insertTurns(db.pool, turns);
      const lines = await exported(userId);
      const text = ndjson(lines);
      const cut = text.split(/[\n\r\u0085\u2028\u2029\v\f]/u);
      expect(cut.pop()).toBe('');
      const parsed = cut.map((line) => JSON.parse(line));
      expect(parsed).toEqual(JSON.parse(JSON.stringify(lines)));
      const stored = await db.query('select query, response from ai_dialogue_log where user_id = $1 order by id', [
        userId,
      ]);
      const read = parsed
        .filter(({ type }) => type === 'dialogue')
        .map(({ query, answer }) => ({ query, response: answer }));
      expect(read).toEqual(stored);
    }),
    { numRuns: 12 },
  );
});

test('an export is one snapshot, in the order of the questions, over any number of pages', async () => {
  const userId = await insertUser(db);
  const turns = (number: number) =>
    Array.from({ length: number }, (_, index) =>
      answeredTurn({ userId, askedAt: new Date(Date.UTC(2026, 2, 7) + index * 1_000) }),
    );
  const before = turns(613);
  await insertTurns(db.pool, before);
  const ids: string[] = [];
  let rows = 0;
  for await (const page of exportUser(db.pool, userId)) {
    if (rows === 0) await insertTurns(db.pool, turns(7));
    for (const line of page) {
      if (line.type === 'dialogue') ids.push(line.id);
      if (line.type === 'end') expect(line.rows).toBe(rows);
      rows += 1;
    }
  }
  expect(ids).toEqual(before.map(({ id }) => id));
});

test('closing an export early releases its connection', async () => {
  const userId = await insertUser(db);
  await insertTurns(
    db.pool,
    Array.from({ length: 300 }, () => answeredTurn({ userId })),
  );
  const pool = connect(db.url, { name: 'export', max: 1 });
  for (let reader = 0; reader < 3; reader += 1) {
    for await (const page of exportUser(pool, userId)) {
      expect(page).toHaveLength(1);
      break;
    }
  }
  expect(await pool.query('select 7 as seven')).toMatchObject({ rows: [{ seven: 7 }] });
  await pool.end();
});
