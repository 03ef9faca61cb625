import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FailedTurn } from '../../chat/turn.ts';
import { createFailureKeeper } from './failures.ts';

function failed(): FailedTurn {
  return {
    outcome: 'failed',
    id: randomUUID(),
    userId: randomUUID(),
    sessionId: randomUUID(),
    askedAt: new Date('2026-03-01T00:00:00Z'),
    failure: { stage: 'retrieve', code: 'database_unavailable' },
    model: null,
    latencyMs: 431,
    traceId: null,
  };
}

test('a failure is written when the database is available again', async () => {
  const written = Promise.withResolvers<FailedTurn>();
  let attempts = 0;
  const lost: unknown[] = [];
  const insert = async (turn: FailedTurn) => {
    attempts += 1;
    if (attempts < 3) throw new Error('unavailable');
    written.resolve(turn);
  };
  const keeper = createFailureKeeper({ insert, limit: 7, onLoss: (turn) => lost.push(turn) });
  const turn = failed();
  keeper.keep(turn);
  expect(await written.promise).toBe(turn);
  await keeper.close();
  expect(lost).toEqual([]);
});

test('on close a write in flight is finished, and a waiting retry is reported as lost', async () => {
  const begun = Promise.withResolvers<void>();
  const failedOnce = Promise.withResolvers<void>();
  const [slow, waiting] = [failed(), failed()];
  const lost: FailedTurn[] = [];
  const insert = async (turn: FailedTurn) => {
    if (turn === slow) return begun.promise;
    failedOnce.resolve();
    throw new Error('unavailable');
  };
  const keeper = createFailureKeeper({ insert, limit: 7, onLoss: (turn) => lost.push(turn) });
  keeper.keep(slow);
  keeper.keep(waiting);
  await failedOnce.promise;
  const closed = keeper.close();
  begun.resolve();
  await closed;
  expect(lost).toEqual([waiting]);
});

test('a failure above the limit is reported as lost', async () => {
  const writing = Promise.withResolvers<void>();
  const lost: FailedTurn[] = [];
  const keeper = createFailureKeeper({ insert: () => writing.promise, limit: 2, onLoss: (turn) => lost.push(turn) });
  const turns = [failed(), failed(), failed()];
  for (const turn of turns) keeper.keep(turn);
  expect(lost).toEqual(turns.slice(2));
  writing.resolve();
  await keeper.close();
});
