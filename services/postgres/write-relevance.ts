/** Writes a judge's score into an answer that has none, and ends the claim on it. */
import type { Pool } from 'pg';

/** @param score 0 to 1 */
export async function writeRelevance(pool: Pool, dialogueId: string, score: number): Promise<void> {
  await pool.query({
    name: 'write-relevance',
    text: `
      with claim as (delete from relevance_judging where dialogue_id = $1)
      update ai_dialogue_log set relevance_score = $2 where id = $1 and relevance_score is null`,
    values: [dialogueId, score],
  });
}
