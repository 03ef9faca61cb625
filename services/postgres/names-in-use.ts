/** Tells which names that the first migrations make belong to other programs already. */
import type pg from 'pg';

const ours = '0001_lms-tables';

/** @returns one line a name, with what to do; none once these migrations have begun */
export async function namesInUse(client: pg.Client): Promise<readonly string[]> {
  const ran = await ranMigrations(client);
  if (ran.includes(ours)) return [];
  const [foreign] = ran;
  const { rows } = await client.query<{ problem: string }>(`
    select format('the name %s is taken by another table: rename that one', name) as problem
    from unnest('{provenance,rag_metrics_history,plugin_registry,passage,passage_term,passage_corpus,job_run,chat_failure,
      idempotency_key,relevance_judging,erasure_receipt,erasure_chain,erasure_fence,orphaned_dialogue,pseudonym_key}'::text[]) as name
    where to_regclass(name) is not null
    union all
    select format('the name %s is taken by another type: rename that one', name)
    from unnest('{content_type,acquisition_method,license_type,dialogue_outcome}'::text[]) as name
    where to_regtype(name) is not null
    order by 1`);
  return [
    ...(foreign === undefined
      ? []
      : [`pgmigrations lists migrations of another program (${foreign}): rename it, and tell that program`]),
    ...rows.map(({ problem }) => problem),
  ];
}

async function ranMigrations(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('pgmigrations') is not null as there`);
  if (!rows[0]?.there) return [];
  return (await client.query<{ name: string }>('select name from pgmigrations order by id')).rows.map(
    ({ name }) => name,
  );
}
