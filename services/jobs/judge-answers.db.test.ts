import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { asRole } from '../../test/kit/database/as-role.ts';
import { insertDialogue, insertUser } from '../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../test/kit/database/test-database.ts';
import { claimJudgeCandidates, writeRelevance } from '../postgres/dialogues/judgements.ts';
import { createWorkerMetrics } from '../telemetry/metrics/worker-metrics.ts';
import { createJudgeAnswers } from './judge-answers.ts';

const db = await testDatabase();
const worker = asRole(db.url, 'rag_worker');
const user_id = await insertUser(db);
const signal = new AbortController().signal;
const settings = { sampleRate: 1, since: new Date('2026-01-01T00:00:00Z'), limit: 1, maxAttempts: 2, claimMs: 60_000 };

type Judgement = { readonly score: number | null; readonly seconds: number };

function judging(
  judge: (turn: { query: string }) => Promise<number>,
  count: (judgement: Judgement) => void = () => {},
  clock = () => 0,
  isShown = true,
) {
  const counted: string[] = [];
  const run = createJudgeAnswers({
    claim: async () => (await claimJudgeCandidates(db.pool, settings))[0] ?? null,
    judge,
    write: (id, value) => writeRelevance(db.pool, id, { value, version: 'judge-1 test' }, isShown),
    count: (judgement) => {
      counted.push(judgement.score === null ? 'failed' : `scored ${judgement.score}`);
      count(judgement);
    },
    onFailure: () => {},
    isOutage: (error) => !(error instanceof TypeError),
    clock,
  });
  return { counted, run };
}

const scores = () =>
  db.query('select query, relevance_score as score, response, user_feedback from ai_dialogue_log order by created_at');
const lapse = () => db.query(`update relevance_judging set claimed_until = now() - interval '1 second'`);

test('answers without a score get one, and no other column changes', async () => {
  const at = (minute: number) => `2026-03-05 00:0${minute}:00+00`;
  await insertDialogue(db, { user_id, query: 'first', created_at: at(1), user_feedback: -1 });
  await insertDialogue(db, { user_id, query: 'scored', created_at: at(2), relevance_score: 0.31 });
  await insertDialogue(db, { user_id, query: 'no answer', created_at: at(3), outcome: 'no_answer' });
  await insertDialogue(db, { user_id, query: 'too old', created_at: '2025-12-31 00:00:00+00' });
  await insertDialogue(db, { user_id, query: 'last', created_at: at(4) });
  const { run, counted } = judging(async ({ query }) => (query === 'first' ? 0 : 0.77));
  await run(signal);
  expect(counted).toEqual(['scored 0', 'scored 0.77']);
  expect((await scores()).map(({ query, score, user_feedback }) => [query, score, user_feedback])).toEqual([
    ['too old', null, null],
    ['first', 0, -1],
    ['scored', 0.31, null],
    ['no answer', null, null],
    ['last', 0.77, null],
  ]);
  expect(await db.query('select * from relevance_judging')).toEqual([]);
});

test('a failure ends the round and is counted, and the answer is retried a limited number of times', async () => {
  await db.query('delete from ai_dialogue_log');
  await insertDialogue(db, { user_id, query: 'poison', created_at: '2026-03-06 00:00:00+00' });
  await insertDialogue(db, { user_id, query: 'fine', created_at: '2026-03-06 00:01:00+00' });
  const { run, counted } = judging(async ({ query }) => {
    if (query === 'poison') throw new Error('nonsense');
    return 0.5;
  });
  await run(signal);
  expect(counted).toEqual(['failed']);
  await run(signal); // the failing answer is still claimed, so the other one is next
  expect(counted).toEqual(['failed', 'scored 0.5']);
  for (const _ of [1, 2, 3]) {
    await lapse();
    await run(signal);
  }
  expect(counted).toEqual(['failed', 'scored 0.5', 'failed']);
  expect(await db.query('select attempts from relevance_judging')).toEqual([{ attempts: 2 }]);
});

test('one bad judgement does not end the round, and three in a row do', async () => {
  await db.query('delete from ai_dialogue_log');
  for (const [minute, query] of ['bad', 'good', 'bad', 'bad', 'bad', 'good'].entries()) {
    await insertDialogue(db, { user_id, query, created_at: `2026-03-06 00:1${minute}:00+00` });
  }
  const { run, counted } = judging(async ({ query }) => {
    if (query === 'bad') throw new TypeError('no score');
    return 0.5;
  });
  await run(signal);
  expect(counted).toEqual(['failed', 'scored 0.5', 'failed', 'failed', 'failed']);
});

test("the worker's metrics include the duration of each judgement, with the write of its score", async () => {
  await db.query('delete from ai_dialogue_log');
  await insertDialogue(db, { user_id, query: 'slow', created_at: '2026-03-06 00:02:00+00' });
  await insertDialogue(db, { user_id, query: 'unavailable', created_at: '2026-03-06 00:03:00+00' });
  const metrics = createWorkerMetrics(() => Promise.reject(new Error('nothing is asked of the database here')));
  let now = 0;
  const judge = async ({ query }: { query: string }) => {
    now += query === 'slow' ? 3_500 : 70;
    if (query === 'unavailable') throw new Error('unavailable');
    return 0.9;
  };
  await judging(
    judge,
    (judgement) => metrics.countJudgement({ service: 'rag-chat', ...judgement }),
    () => now,
  ).run(signal);
  const text = await metrics.scrape();
  for (const line of [
    '_sum{service="rag-chat",stage="judge",result="ok"} 3.5',
    '_count{service="rag-chat",stage="judge",result="ok"} 1',
    '_bucket{le="2.5",service="rag-chat",stage="judge",result="ok"} 0',
    '_bucket{le="5",service="rag-chat",stage="judge",result="ok"} 1',
    '_sum{service="rag-chat",stage="judge",result="failed"} 0.07',
    '_count{service="rag-chat",stage="judge",result="failed"} 1',
  ]) {
    expect(text).toContain(`rag_stage_duration_seconds${line}\n`);
  }
});

test('two workers do not judge the same answer concurrently', async () => {
  await db.query('delete from ai_dialogue_log');
  for (const minute of [1, 2, 3, 4]) {
    await insertDialogue(db, { user_id, query: `q${minute}`, created_at: `2026-03-07 00:0${minute}:00+00` });
  }
  const judged: string[] = [];
  const judge = async ({ query }: { query: string }) => {
    judged.push(query);
    return 0.6;
  };
  await Promise.all([judging(judge).run(signal), judging(judge).run(signal), judging(judge).run(signal)]);
  await judging(judge).run(signal); // a claim skips an answer that another claim has just locked, and may end its round
  expect(judged.toSorted()).toEqual(['q1', 'q2', 'q3', 'q4']);
});

test('an answer whose score is being written by another worker is not claimed', async () => {
  await db.query('delete from ai_dialogue_log');
  const [dialogue] = await db.query<{ id: string }>(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used, created_at)
     values ($1, gen_random_uuid(), 'q', 'r', 'm', '2026-03-07') returning id`,
    [user_id],
  );
  expect(await claimJudgeCandidates(worker.pool, settings)).toHaveLength(1);
  await lapse();
  const writer = await db.pool.connect();
  try {
    await writer.query('begin');
    await writer.query('update ai_dialogue_log set relevance_score = 0.4 where id = $1', [dialogue?.id]);
    await writer.query('delete from relevance_judging where dialogue_id = $1', [dialogue?.id]);
    const claimed = claimJudgeCandidates(worker.pool, settings);
    await setTimeout(200); // the claim reads the answer before the score is committed
    await writer.query('commit');
    expect(await claimed).toEqual([]);
  } finally {
    writer.release();
  }
  expect(await db.query('select * from relevance_judging')).toEqual([]);
});

test('a stop ends the round without a failure', async () => {
  await db.query('delete from ai_dialogue_log');
  await insertDialogue(db, { user_id, created_at: '2026-03-08 00:00:00+00' });
  const stopping = new AbortController();
  const { run, counted } = judging(async () => {
    stopping.abort();
    throw new Error('aborted');
  });
  await run(stopping.signal);
  expect(counted).toEqual([]);
});

test('the sample has the requested size and always selects the same rows', async () => {
  await db.query('delete from ai_dialogue_log');
  await db.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used, created_at)
     select $1, gen_random_uuid(), 'q', 'r', 'm', '2026-03-09' from generate_series(1, 2000)`,
    [user_id],
  );
  const take = async (sampleRate: number) => {
    const rows = await claimJudgeCandidates(db.pool, { ...settings, sampleRate, limit: 5_000 });
    await db.query('delete from relevance_judging');
    return rows.map(({ id }) => id).toSorted();
  };
  const some = await take(0.1);
  expect(some.length).toBeGreaterThan(120);
  expect(some.length).toBeLessThan(280);
  expect(await take(0.1)).toEqual(some);
  expect(await take(0)).toEqual([]);
  expect(await take(1)).toHaveLength(2000);
});

test('a judgement of a judge that votes contradict is stored for comparison, not recorded as relevance, and not repeated', async () => {
  await db.query('delete from ai_dialogue_log');
  const created_at = '2026-03-05 00:01:00+00';
  const id = await insertDialogue(db, { user_id, query: 'first', created_at });
  const { run, counted } = judging(
    async () => 0.77,
    () => {},
    () => 0,
    false,
  );
  await run(signal);
  await run(signal);
  expect(counted).toEqual(['scored 0.77']);
  expect(await db.query('select relevance_score, quality from ai_dialogue_log where id = $1', [id])).toEqual([
    { relevance_score: null, quality: { judge: { value: 0.77, version: 'judge-1 test' } } },
  ]);
});
