import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { tcpProxy } from '../../../test/kit/servers/tcp-proxy.ts';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { connect } from '../client/connect.ts';
import { measurePeriod } from '../metrics/measure-period.ts';
import { insertFailure } from './failures.ts';
import { insertTurns } from './insert-turns.ts';
import { createRecorder, type RecordState } from './recorder.ts';

const db = await testDatabase();
const userId = await insertUser(db);

function setup({ pool = db.pool, deadlineMs = 10_000, limit = 1_000 } = {}) {
  const counts: Record<RecordState, number> = { received: 0, stored: 0, rejected: 0 };
  const batches: number[] = [];
  const recorder = createRecorder({
    insert: (turns) => {
      batches.push(turns.length);
      return insertTurns(pool, turns);
    },
    deadlineMs,
    limit,
    count: (state) => {
      counts[state] += 1;
    },
  });
  return { recorder, counts, batches };
}

const turn = (values: Partial<AnsweredTurn> = {}) => answeredTurn({ userId, ...values });

async function storedIds(turns: readonly AnsweredTurn[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select d.id from ai_dialogue_log d join provenance p on p.dialogue_id = d.id
     where d.id = any($1) order by d.id`,
    [turns.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}

test('an acknowledged turn is stored with every field and its provenance row', async () => {
  const { recorder, counts } = setup();
  const recorded = turn();
  await recorder.record(recorded);
  const [row] = await db.query(
    `select d.*, p.content_type, p.license_type, p.hash_sha256, p.acquisition_method
     from ai_dialogue_log d join provenance p on p.content_id = d.id where d.id = $1`,
    [recorded.id],
  );
  expect(row).toMatchObject({
    user_id: userId,
    session_id: recorded.sessionId,
    query: 'What is RAG?',
    response: recorded.answer,
    model_used: 'extractive',
    citations: recorded.citations,
    latency_ms: 37,
    token_cost_jpy: 0.000123,
    citation_rate: 100,
    prompt_tokens: 11,
    completion_tokens: 7,
    total_tokens: 18,
    relevance_score: 0.83,
    user_feedback: null,
    outcome: 'answered',
    trace_id: recorded.traceId,
    withheld: 2,
    created_at: recorded.askedAt,
    content_type: 'ai_response',
    license_type: 'cc_by',
    hash_sha256: createHash('sha256').update(recorded.answer).digest('hex'),
    acquisition_method: 'ai_generated',
  });
  expect(counts).toEqual({ received: 1, stored: 1, rejected: 0 });
});

test('turns that arrive during a commit share the next one', async () => {
  const { recorder, batches } = setup();
  const turns = Array.from({ length: 65 }, () => turn());
  await Promise.all(turns.map(recorder.record));
  expect(batches).toEqual([1, 64]);
  expect(await storedIds(turns)).toHaveLength(65);
});

test('a row that PostgreSQL rejects does not fail the others', async () => {
  const { recorder, counts } = setup();
  const good = Array.from({ length: 9 }, () => turn());
  const withoutUser = turn({ userId: randomUUID() });
  const outOfRange = turn({ relevanceScore: 7 });
  const all = [...good.slice(0, 4), withoutUser, ...good.slice(4), outOfRange];
  const results = await Promise.allSettled(all.map(recorder.record));
  expect(results.map(({ status }) => status)).toEqual(
    all.map((one) => (one === withoutUser || one === outOfRange ? 'rejected' : 'fulfilled')),
  );
  expect(results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))).toEqual([
    'cancelled',
    'internal',
  ]);
  expect(await storedIds(all)).toHaveLength(9);
  expect(counts).toEqual({ received: 11, stored: 9, rejected: 2 });
});

test('turns sent again together with new ones are stored once each', async () => {
  const turns = Array.from({ length: 7 }, () => turn());
  await insertTurns(db.pool, turns.slice(0, 3));
  await insertTurns(db.pool, turns);
  expect(await storedIds(turns)).toEqual(turns.map(({ id }) => id).sort());
});

test('an answer with a NUL or a lone surrogate is stored without them', async () => {
  const { recorder } = setup();
  const odd = turn({ answer: 'a\u0000b\ud800c', model: `${'m'.repeat(99)}😀` });
  await recorder.record(odd);
  const rows = await db.query('select response, model_used from ai_dialogue_log where id = $1', [odd.id]);
  expect(rows).toEqual([{ response: 'ab\ufffdc', model_used: `${'m'.repeat(99)}\ufffd` }]);
});

test('a connection cut repeatedly loses no acknowledged turn and writes none twice', async () => {
  const { hostname, port } = new URL(db.url);
  const proxy = await tcpProxy({ host: hostname, port: Number(port) });
  const through = new URL(db.url);
  through.port = String(proxy.port);
  const pool = connect(through.href, { name: 'recorder', max: 1 });
  const { recorder, counts } = setup({ pool });
  const turns: AnsweredTurn[] = [];
  const callers: Promise<void>[] = [];
  for (let round = 0; round < 20; round += 1) {
    const batch = Array.from({ length: 7 }, () => turn());
    turns.push(...batch);
    callers.push(...batch.map(recorder.record));
    // The first turn of the round is acknowledged, the others are somewhere on their way to the commit.
    await callers.at(-7);
    proxy.cut();
    proxy.restore();
  }
  await Promise.all(callers);
  expect(await storedIds(turns)).toEqual(turns.map(({ id }) => id).sort());
  expect(counts).toEqual({ received: 140, stored: 140, rejected: 0 });
  await pool.end();
  await proxy.close();
});

test('while the database is unavailable, callers are rejected at their deadline and the counters balance', async () => {
  const { hostname, port } = new URL(db.url);
  const proxy = await tcpProxy({ host: hostname, port: Number(port) });
  const through = new URL(db.url);
  through.port = String(proxy.port);
  const pool = connect(through.href, { name: 'recorder', max: 1 });
  const { recorder, counts } = setup({ pool, deadlineMs: 900 });
  proxy.cut();
  const lost = turn();
  await expect(recorder.record(lost)).rejects.toMatchObject({ code: 'database_unavailable', retryAfterSeconds: 10 });
  expect(counts).toEqual({ received: 1, stored: 0, rejected: 1 });
  expect(recorder.pending()).toBe(0);
  proxy.restore();
  const kept = turn();
  await recorder.record(kept);
  expect(await storedIds([lost, kept])).toEqual([kept.id]);
  await recorder.flushed();
  await pool.end();
  await proxy.close();
});

test('a commit after the deadline is rejected for its caller, and its row counts once: as an answer, not as a failure', async () => {
  const arrived = Promise.withResolvers<void>();
  const proceed = Promise.withResolvers<void>();
  const recorder = createRecorder({
    insert: async (turns) => {
      arrived.resolve();
      await proceed.promise;
      await insertTurns(db.pool, turns);
    },
    deadlineMs: 50,
    limit: 10,
    count: () => {},
  });
  const askedAt = new Date('2025-11-05T03:00:00Z');
  const [late, lost] = [turn({ askedAt }), turn({ askedAt })];
  const failure = { stage: 'record', code: 'database_unavailable' } as const;
  const rejected = expect(recorder.record(late)).rejects.toMatchObject({ code: 'database_unavailable' });
  await arrived.promise;
  await rejected;
  for (const one of [late, lost]) await insertFailure(db.pool, { ...one, outcome: 'failed', failure });
  proceed.resolve();
  await recorder.flushed();
  expect(await storedIds([late, lost])).toEqual([late.id]);
  const day = { from: new Date('2025-11-05T00:00:00Z'), to: new Date('2025-11-06T00:00:00Z') };
  expect(await measurePeriod(db.pool, day)).toMatchObject({ totalQueries: 1, failedQueries: 1 });
});

test('a full queue rejects further turns at once', async () => {
  const { recorder, counts } = setup({ limit: 3 });
  const callers = [turn(), turn(), turn()].map(recorder.record);
  await expect(recorder.record(turn())).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 });
  await Promise.all(callers);
  expect(counts).toEqual({ received: 3, stored: 3, rejected: 0 });
});
