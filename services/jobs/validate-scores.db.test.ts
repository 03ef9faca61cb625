import { expect, test } from 'vitest';
import { asRole } from '../../test/kit/database/as-role.ts';
import { insertDialogue, insertUser } from '../../test/kit/database/fixtures.ts';
import { testDatabase } from '../../test/kit/database/test-database.ts';
import { readVoteValidations, validateScores } from './validate-scores.ts';

const db = await testDatabase();
const { pool: worker } = asRole(db.url, 'rag_worker');
const { pool: app } = asRole(db.url, 'rag_app');
const user_id = await insertUser(db);
const now = new Date('2026-11-30T00:00:00Z');

async function insertVoted(count: number, values: (index: number) => { vote: number; score: number; at?: string }) {
  for (let index = 0; index < count; index += 1) {
    const { vote, score, at = '2026-11-20T00:00:00Z' } = values(index);
    await insertDialogue(db, {
      user_id,
      outcome: 'answered',
      user_feedback: vote,
      created_at: at,
      quality: JSON.stringify({ answer_relevance: { value: score, version: 'words-1' } }),
    });
  }
}

test('scores are compared with votes, by score and version, and the chat server reads the figures', async () => {
  expect(await readVoteValidations(app)).toEqual([]);
  await insertVoted(40, (index) => ({
    vote: index % 2 === 0 ? 1 : -1,
    score: (index % 2 === 0 ? 0.5 : 0) + (index % 7) / 14,
  }));
  // Too old, and without a vote.
  await insertVoted(5, () => ({ vote: -1, score: 1, at: '2026-01-01T00:00:00Z' }));
  await insertVoted(5, () => ({ vote: 0, score: 1 }));
  await validateScores(worker, now);
  const [found, ...others] = await readVoteValidations(app);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ score: 'answer_relevance', version: 'words-1', set: 'votes', answers: 40 });
  expect(found?.auc).toBeGreaterThan(0.9);
  expect(found?.low).toBeGreaterThan(0.5);

  // Later votes contradict the score.
  await insertVoted(120, (index) => ({
    vote: index % 2 === 0 ? 1 : -1,
    score: (index % 2 === 0 ? 0 : 0.5) + (index % 7) / 14,
  }));
  await validateScores(worker, now);
  expect((await readVoteValidations(app))[0]?.low).toBeLessThan(0.5);

  await db.query('update ai_dialogue_log set user_feedback = 0');
  await validateScores(worker, now);
  expect(await readVoteValidations(app)).toEqual([]);
});
