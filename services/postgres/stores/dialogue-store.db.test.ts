import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import { insertTurns } from '../dialogues/insert-turns.ts';
import { createDialogueStore } from './dialogue-store.ts';

const db = await testDatabase();
const store = createDialogueStore({
  pool: db.pool,
  auditPool: db.pool,
  now: () => new Date(),
  longestQuestionMs: 7_000,
});

async function reservation() {
  const user = { id: randomUUID(), email: null, role: 'learner' };
  await store.ensureUser(user);
  const key = randomUUID();
  const requestSha256 = 'a'.repeat(64);
  return { userId: user.id, key, requestSha256, dialogueId: randomUUID() };
}

test('a question in progress is not answered twice, and an answered one gets the same answer again', async () => {
  const first = await reservation();
  expect(await store.reserve(first)).toEqual({ state: 'new', dialogueId: first.dialogueId });
  const second = { ...first, dialogueId: randomUUID() };
  expect(await store.reserve(second)).toEqual({ state: 'in_progress' });
  expect(await store.reserve({ ...second, requestSha256: 'b'.repeat(64) })).toEqual({ state: 'mismatch' });
  await insertTurns(db.pool, [answeredTurn({ id: first.dialogueId, userId: first.userId, answer: 'Yes.' })]);
  expect(await store.reserve(second)).toMatchObject({
    state: 'stored',
    reply: { id: first.dialogueId, answer: 'Yes.' },
  });
});

test('the key of a dead server is taken over after the longest possible question, under its first id', async () => {
  const first = await reservation();
  await store.reserve(first);
  await db.query(`update idempotency_key set created_at = now() - interval '6 seconds' where key = $1`, [first.key]);
  const second = { ...first, dialogueId: randomUUID() };
  expect(await store.reserve(second)).toEqual({ state: 'in_progress' });
  await db.query(`update idempotency_key set created_at = now() - interval '8 seconds' where key = $1`, [first.key]);
  expect(await store.reserve(second)).toEqual({ state: 'new', dialogueId: first.dialogueId });
  expect(await store.reserve(second)).toEqual({ state: 'in_progress' });
});

test('a failed question may be retried at once, and is the same row if its commit succeeded after all', async () => {
  const first = await reservation();
  await store.reserve(first);
  await store.release(first);
  const second = { ...first, dialogueId: randomUUID() };
  expect(await store.reserve(second)).toEqual({ state: 'new', dialogueId: first.dialogueId });
  await store.release(first);
  await insertTurns(db.pool, [answeredTurn({ id: first.dialogueId, userId: first.userId })]);
  expect(await store.reserve(second)).toMatchObject({ state: 'stored', reply: { id: first.dialogueId } });
});
