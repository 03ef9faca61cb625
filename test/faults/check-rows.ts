/** Compares the rows of the database with the replies of callers. */
import type { KillablePostgres } from './killable-postgres.ts';

type RowReport = {
  readonly dialogues: number;
  readonly acknowledged: number;
  /** Acknowledged answers without exactly one row and one provenance row under their question. */
  readonly lost: number;
  /** Dialogues without exactly one provenance row, and provenance rows of answers without their dialogue. */
  readonly half: number;
  /** Rows without an acknowledged reply: the commit was not confirmed in time. This is allowed. */
  readonly unacknowledged: number;
  /** Questions, asked once or with an Idempotency-Key, that have more than one row. */
  readonly twice: number;
};

export async function checkRows(
  postgres: KillablePostgres,
  acknowledged: ReadonlyMap<string, string>,
): Promise<RowReport> {
  const [counts] = await postgres.query<Omit<RowReport, 'acknowledged'>>(
    `with acknowledged as (
       select * from unnest($1::uuid[], $2::text[]) as reply(id, query)
     ), kept as (
       select dialogue.id, dialogue.query, (select count(*) from provenance where dialogue_id = dialogue.id) as provenances
       from ai_dialogue_log dialogue
     )
     select
       (select count(*) from kept)::int as dialogues,
       (select count(*) from acknowledged left join kept using (id, query) where kept.provenances is distinct from 1)::int as lost,
       (select count(*) from kept where provenances <> 1)::int
         + (select count(*) from provenance where content_type = 'ai_response'
            and not exists (select from ai_dialogue_log where id = content_id))::int as half,
       (select count(*) from kept where not exists (select from acknowledged where acknowledged.id = kept.id))::int as unacknowledged,
       (select count(*) from (select from kept group by query having count(*) > 1) as again)::int as twice`,
    [[...acknowledged.keys()], [...acknowledged.values()]],
  );
  if (counts === undefined) throw new Error('the query returned no row');
  return { ...counts, acknowledged: acknowledged.size };
}

/** @returns one sentence for each violation of the guarantee */
export function rowViolations({ lost, half, acknowledged }: RowReport): readonly string[] {
  return [
    ...(lost > 0 ? [`${lost} acknowledged answers do not exist exactly once with their provenance`] : []),
    ...(half > 0 ? [`${half} rows are incomplete`] : []),
    ...(acknowledged === 0 ? ['no caller got an answer'] : []),
  ];
}
