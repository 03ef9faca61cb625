import { afterAll, expect, test } from 'vitest';
import { openNetwork } from '../../../test/faults/network.ts';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { insertUser } from '../../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import type { AnsweredTurn } from '../../chat/turn.ts';
import { connect } from '../client/connect.ts';
import { insertTurns } from './insert-turns.ts';
import { createRecorder, type RecordState } from './recorder.ts';

const db = await testDatabase();
const userId = await insertUser(db);
const { hostname, port } = new URL(db.url);
const network = await openNetwork({ host: hostname, port: Number(port) });
const through = new URL(db.url);
through.port = String(network.port);
const pool = connect(through.href, { name: 'recorder', max: 1, statementTimeoutMs: 300 });
afterAll(async () => {
  await pool.end();
  await network.close();
});

function setup() {
  const counts: Record<RecordState, number> = { received: 0, stored: 0, rejected: 0 };
  let attempts = 0;
  const recorder = createRecorder({
    insert: (turns) => {
      attempts += 1;
      return insertTurns(pool, turns);
    },
    deadlineMs: 10_000,
    limit: 100,
    count: (state) => {
      counts[state] += 1;
    },
  });
  return { recorder, counts, attempts: () => attempts };
}

async function rowsOf(turns: readonly AnsweredTurn[]): Promise<{ dialogues: number; provenances: number }> {
  const [counts] = await db.query<{ dialogues: number; provenances: number }>(
    `select
       (select count(*) from ai_dialogue_log where id = any($1))::int as dialogues,
       (select count(*) from provenance where content_id = any($1))::int as provenances`,
    [turns.map(({ id }) => id)],
  );
  return counts ?? { dialogues: 0, provenances: 0 };
}

test('a commit whose reply was lost is reported as stored, and is one row', async () => {
  const { recorder, counts, attempts } = setup();
  const lost = network.loseReplyTo('insert-turns', 10_000);
  const one = answeredTurn({ userId });
  await recorder.record(one);
  expect(await lost).toBe(true);
  expect(attempts()).toBe(2);
  expect(await rowsOf([one])).toEqual({ dialogues: 1, provenances: 1 });
  expect(counts).toEqual({ received: 1, stored: 1, rejected: 0 });
});

test('a stalled network times out, and the waiting turns are stored when it recovers', async () => {
  const { recorder, counts, attempts } = setup();
  await recorder.record(answeredTurn({ userId }));
  network.stall();
  const turns = Array.from({ length: 7 }, () => answeredTurn({ userId }));
  const recorded = Promise.all(turns.map(recorder.record));
  await expect.poll(attempts).toBeGreaterThanOrEqual(3);
  network.restore();
  await recorded;
  expect(await rowsOf(turns)).toEqual({ dialogues: 7, provenances: 7 });
  expect(counts).toEqual({ received: 8, stored: 8, rejected: 0 });
});
