import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { insertDialogue, insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { startOf } from '../../rollup/day.ts';
import { firstUnrolledDay, readRollupGaps } from '../metrics/rollup-gaps.ts';
import {
  beginDialogueRetention,
  countOldDialogues,
  deleteDialogueBatch,
  dialoguesDeletedBefore,
} from './old-dialogues.ts';

const db = await testDatabase();
const user = await insertUser(db);
const before = startOf('2026-03-05');

beforeEach(() => db.query('truncate ai_dialogue_log, dialogue_retention_run, rag_metrics_history cascade'));

async function dialogue(created_at: string): Promise<string> {
  const id = await insertDialogue(db, { user_id: user, created_at });
  await db.query(`insert into provenance (content_id, content_type) values ($1, 'ai_response')`, [id]);
  return id;
}

async function begin(): Promise<string> {
  const runId = randomUUID();
  await beginDialogueRetention(db.pool, runId, { before, heldBackBy: null });
  return runId;
}

test('the oldest dialogues are deleted first, with their provenance, judgements and keys, and the run counts them', async () => {
  const ids = [
    await dialogue('2026-03-01T10:00:00Z'),
    await dialogue('2026-03-02T10:00:00Z'),
    await dialogue('2026-03-04T14:59:59.999999Z'),
    await dialogue('2026-03-04T15:00:00Z'),
  ];
  await db.query(`insert into relevance_judging (dialogue_id, claimed_until) values ($1, now())`, [ids[1]]);
  for (const [index, id] of ids.entries()) {
    await db.query(`insert into idempotency_key (user_id, key, request_sha256, dialogue_id) values ($1, $2, 'x', $3)`, [
      user,
      `key ${index}`,
      id,
    ]);
  }
  expect(await countOldDialogues(db.pool, before)).toEqual({
    ai_dialogue_log: 3,
    provenance: 3,
    relevance_judging: 1,
    idempotency_key: 3,
  });
  const runId = await begin();
  const first = await deleteDialogueBatch(db.pool, { runId, before, from: null, limit: 2 });
  expect(first.counts).toEqual({ ai_dialogue_log: 2, provenance: 2, relevance_judging: 1, idempotency_key: 2 });
  const second = await deleteDialogueBatch(db.pool, { runId, before, from: first.next, limit: 2 });
  expect(second.counts).toEqual({ ai_dialogue_log: 1, provenance: 1, relevance_judging: 0, idempotency_key: 1 });
  expect((await deleteDialogueBatch(db.pool, { runId, before, from: second.next, limit: 2 })).next).toBeNull();
  const left = [ids[3]];
  expect((await db.query('select id from ai_dialogue_log')).map(({ id }) => id)).toEqual(left);
  expect((await db.query('select dialogue_id from provenance')).map(({ dialogue_id }) => dialogue_id)).toEqual(left);
  expect(await db.query('select key from idempotency_key')).toEqual([{ key: 'key 3' }]);
  expect(await db.query('select count(*) from relevance_judging')).toEqual([{ count: 0 }]);
  expect(await db.query('select * from dialogue_retention_run')).toEqual([
    {
      run_id: runId,
      began_at: expect.any(Date),
      last_batch_at: expect.any(Date),
      deleted_before: before,
      held_back_by: null,
      ai_dialogue_log: 3,
      provenance: 3,
      relevance_judging: 1,
      idempotency_key: 3,
    },
  ]);
  expect(await dialoguesDeletedBefore(db.pool)).toEqual(before);
});

test('a dialogue locked by a vote is skipped without waiting, and deleted by the next run', async () => {
  const held = await dialogue('2026-03-01T10:00:00Z');
  await dialogue('2026-03-01T11:00:00Z');
  const voter = await db.pool.connect();
  const runId = await begin();
  try {
    await voter.query('begin');
    await voter.query('update ai_dialogue_log set user_feedback = 1 where id = $1', [held]);
    const { counts } = await deleteDialogueBatch(db.pool, { runId, before, from: null, limit: 10 });
    expect(counts.ai_dialogue_log).toBe(1);
  } finally {
    await voter.query('commit');
    voter.release();
  }
  expect(await db.query('select id from ai_dialogue_log')).toEqual([{ id: held }]);
  const { counts } = await deleteDialogueBatch(db.pool, { runId, before, from: null, limit: 10 });
  expect(counts.ai_dialogue_log).toBe(1);
});

test('concurrent runs delete each dialogue once', async () => {
  await db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used, created_at)
     select $1, $1, 'q', 'r', 'm', '2026-03-01T10:00:00Z'::timestamptz + n * interval '1 second' from generate_series(1, 311) n`,
    [user],
  );
  const runs = await Promise.all(Array.from({ length: 5 }, begin));
  const deleted = await Promise.all(
    runs.map(async (runId) => {
      let count = 0;
      for (;;) {
        const { counts, next } = await deleteDialogueBatch(db.pool, { runId, before, from: null, limit: 17 });
        if (next === null) return count;
        count += counts.ai_dialogue_log;
      }
    }),
  );
  expect(deleted.reduce((sum, each) => sum + each)).toBe(311);
  expect(await db.query('select sum(ai_dialogue_log) from dialogue_retention_run')).toEqual([{ sum: 311 }]);
});

test('the first day with dialogues but without a complete row is found, ignoring deleted days', async () => {
  for (const day of ['01', '02', '04']) await dialogue(`2026-03-${day}T10:00:00Z`);
  const roll = (day: string, computed: string) =>
    db.query('insert into rag_metrics_history (date, created_at) values ($1, $2)', [day, computed]);
  expect(await firstUnrolledDay(db.pool, before)).toBe('2026-03-01');
  await roll('2026-03-01', '2026-03-01T15:00:00Z');
  await roll('2026-03-02', '2026-03-02T14:00:00Z'); // an hour before the day ended
  expect(await firstUnrolledDay(db.pool, before)).toBe('2026-03-02');
  await db.query(`update rag_metrics_history set created_at = '2026-03-03T15:00:00Z' where date = '2026-03-02'`);
  expect(await firstUnrolledDay(db.pool, before)).toBe('2026-03-04');
  await roll('2026-03-04', '2026-03-09T15:00:00Z');
  expect(await firstUnrolledDay(db.pool, before)).toBeNull();

  await deleteDialogueBatch(db.pool, { runId: await begin(), before, from: null, limit: 10 });
  await dialogue('2026-02-11T10:00:00Z'); // arrives late, from an import
  expect(await firstUnrolledDay(db.pool, before)).toBeNull();
  await dialogue('2026-03-06T10:00:00Z');
  expect(await readRollupGaps(db.pool, '2026-03-06')).toEqual({
    firstDay: '2026-03-05',
    missing: ['2026-03-05', '2026-03-06'],
  });
});
