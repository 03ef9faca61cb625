/** Compares the quality scores with the votes of users, so that a score that stopped separating is noticed. */
import type { Pool } from '../postgres/client/connect.ts';
import {
  readScoreValidations,
  readVotedScores,
  type VoteValidation,
  writeScoreValidations,
} from '../postgres/dialogues/score-validation.ts';
import { separation } from '../quality/statistics/auc.ts';
import { type Validation, votes } from '../quality/validation.ts';

const windowMs = 90 * 86_400_000;

/** Repeating it changes nothing, so several workers may run it. */
export async function validateScores(pool: Pool, now: Date): Promise<void> {
  const voted = await readVotedScores(pool, new Date(now.getTime() - windowMs));
  const compared = voted.flatMap(({ service, score, version, answers }): readonly VoteValidation[] => {
    const found = separation(answers);
    return found === null ? [] : [{ service, score, version, ...found }];
  });
  await writeScoreValidations(pool, compared, now);
}

/** Of each service whose answers users voted on. */
export type VotedValidation = Validation & { readonly service: string };

export async function readVoteValidations(pool: Pool): Promise<readonly VotedValidation[]> {
  const stored = await readScoreValidations(pool);
  return stored.map(({ service, score, version, auc, low, high, right, wrong }) => ({
    ...{ service, score, version, set: votes, auc, low, high },
    answers: right + wrong,
  }));
}
