/** Compares the rows of a database with what callers were told. */
import type { KillablePostgres } from './killable-postgres.ts';

type RowReport = {
  readonly dialogues: number;
  readonly acknowledged: number;
  /** Acknowledged answers that are not there, with exactly one provenance row each, under the question they answer. */
  readonly lost: number;
  /** Dialogues without exactly one provenance row, and provenance rows of answers without their dialogue. */
  readonly half: number;
  /** Rows whose caller was never told: the commit was not known of, or not in time. No loss, and no promise broken. */
  readonly untold: number;
  /** Questions, each asked under one Idempotency-Key or once, that have more than one row. */
  readonly twice: number;
};

export async function checkRows(
  postgres: KillablePostgres,
  acknowledged: ReadonlyMap<string, string>,
): Promise<RowReport> {
  const [counts] = await postgres.query<Omit<RowReport, 'acknowledged'>>(
    `with told as (
       select * from unnest($1::uuid[], $2::text[]) as told(id, query)
     ), kept as (
       select dialogue.id, dialogue.query, (select count(*) from provenance where dialogue_id = dialogue.id) as provenances
       from ai_dialogue_log dialogue
     )
     select
       (select count(*) from kept)::int as dialogues,
       (select count(*) from told left join kept using (id, query) where kept.provenances is distinct from 1)::int as lost,
       (select count(*) from kept where provenances <> 1)::int
         + (select count(*) from provenance where content_type = 'ai_response'
            and not exists (select from ai_dialogue_log where id = content_id))::int as half,
       (select count(*) from kept where not exists (select from told where told.id = kept.id))::int as untold,
       (select count(*) from (select from kept group by query having count(*) > 1) as again)::int as twice`,
    [[...acknowledged.keys()], [...acknowledged.values()]],
  );
  if (counts === undefined) throw new Error('the counts are one row');
  return { ...counts, acknowledged: acknowledged.size };
}

/** @returns what of the promise does not hold, in words */
export function brokenRows({ lost, half, acknowledged }: RowReport): readonly string[] {
  return [
    ...(lost > 0 ? [`${lost} acknowledged answers are not there exactly once with their provenance`] : []),
    ...(half > 0 ? [`${half} rows are half written`] : []),
    ...(acknowledged === 0 ? ['nobody got an answer'] : []),
  ];
}
