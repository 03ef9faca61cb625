/** Compares the scores of answers with the votes on them, and stores how well each score separates. */
import type { Pool } from 'pg';
import type { Labelled, Separation } from '../../quality/statistics/auc.ts';

/** Scores of voted answers, by service, score and version. */
type VotedScores = {
  readonly service: string;
  readonly score: string;
  readonly version: string;
  readonly answers: readonly Labelled[];
};

/** The newest votes suffice for a narrow interval. */
const mostVotes = 20_000;

/** @param since older answers say little about the service of today */
export async function readVotedScores(pool: Pool, since: Date): Promise<readonly VotedScores[]> {
  const { rows } = await pool.query<{ service: string; score: string; version: string; value: number; right: boolean }>(
    {
      name: 'voted-scores',
      text: `
      select
        service, score.key as score, score.value ->> 'version' as version, (score.value ->> 'value')::float8 as value,
        voted.user_feedback = 1 as right
      from (
        select service, user_feedback, quality
        from ai_dialogue_log
        where created_at >= $1 and user_feedback in (-1, 1) and quality is not null
        order by created_at desc
        limit $2
      ) as voted
      cross join lateral jsonb_each(case when jsonb_typeof(voted.quality) = 'object' then voted.quality end) as score
      where jsonb_typeof(score.value -> 'value') = 'number' and score.value ->> 'version' is not null`,
      values: [since, mostVotes],
    },
  );
  const groups = Map.groupBy(rows, ({ service, score, version }) => `${service} ${score} ${version}`);
  return [...groups.values()].flatMap((answers) => {
    const [first] = answers;
    if (first === undefined) return [];
    const { service, score, version } = first;
    return [{ service, score, version, answers: answers.map(({ value, right }) => ({ score: value, right })) }];
  });
}

export type VoteValidation = Separation & {
  readonly service: string;
  readonly score: string;
  readonly version: string;
};

/** Replaces all stored comparisons: one that has too few votes now is no longer known. */
export async function writeScoreValidations(
  pool: Pool,
  validations: readonly VoteValidation[],
  at: Date,
): Promise<void> {
  await pool.query({
    name: 'write-score-validations',
    text: `
      with compared as (
        select * from jsonb_to_recordset($1::jsonb)
          as row(service text, score text, version text, auc float8, low float8, high float8, "right" integer, wrong integer)
      ),
      gone as (
        delete from score_validation stored
        where not exists (
          select from compared
          where compared.service = stored.service and compared.score = stored.score and compared.version = stored.version
        )
      )
      insert into score_validation (service, score, version, compared_at, auc, low, high, right_answers, wrong_answers)
      select service, score, version, $2, auc, low, high, "right", wrong from compared
      on conflict (service, score, version) do update set
        compared_at = excluded.compared_at, auc = excluded.auc, low = excluded.low, high = excluded.high,
        right_answers = excluded.right_answers, wrong_answers = excluded.wrong_answers`,
    values: [JSON.stringify(validations), at],
  });
}

export async function readScoreValidations(pool: Pool): Promise<readonly VoteValidation[]> {
  const { rows } = await pool.query<VoteValidation>({
    name: 'read-score-validations',
    text: `
      select service, score, version, auc, low, high, right_answers as right, wrong_answers as wrong
      from score_validation order by service, score, version`,
  });
  return rows;
}
