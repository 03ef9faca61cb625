/**
 * Finishes the adoption of an `ai_dialogue_log` with rows while it stays in use: builds its indexes, moves dialogues without a
 * user to `orphaned_dialogue`, and validates its constraints. Each step is committed by itself. After a kill or an error the
 * next run continues with the step that is missing.
 */
import type { MigrationBuilder } from 'node-pg-migrate';

const indexes = [
  ['idx_ai_dialogue_user', '(user_id)'],
  ['idx_ai_dialogue_session', '(session_id)'],
  ['idx_ai_dialogue_created_at', '(created_at)'],
  ['idx_ai_dialogue_citation_rate', '(citation_rate)'],
  ['idx_ai_dialogue_user_created', '(user_id, created_at desc)'],
] as const;

const userKey = 'ai_dialogue_log_user_id_fkey';
const constraints = [
  'ai_dialogue_log_latency_ms_check',
  'ai_dialogue_log_token_cost_jpy_check',
  'ai_dialogue_log_citation_rate_check',
  'ai_dialogue_log_prompt_tokens_check',
  'ai_dialogue_log_completion_tokens_check',
  'ai_dialogue_log_total_tokens_check',
  'ai_dialogue_log_relevance_score_check',
  'ai_dialogue_log_user_feedback_check',
  'ai_dialogue_log_context_window_size_check',
  'ai_dialogue_log_withheld_check',
  userKey,
];

/** Rows that one statement moves: a few milliseconds of work, so that no row stays locked for long. */
const batch = 2_000;

/** An empty table needs no steps and takes part in the transaction. */
export async function up(pgm: MigrationBuilder): Promise<void> {
  const valid = await validityOfIndexes(pgm);
  const missing = indexes.filter(([name]) => valid.get(name) !== true);
  const [{ filled }] = await pgm.db.select('select exists (select from ai_dialogue_log) as filled');
  if (!filled && missing.length === 0) {
    pgm.sql(orphanTable);
    for (const statement of await validations(pgm)) pgm.sql(statement);
    return;
  }
  pgm.noTransaction();
  await buildIndexes(pgm, missing, valid);
  await moveOrphans(pgm);
  for (const statement of await validations(pgm)) await pgm.db.query(statement);
}

/** A killed build leaves an invalid index, which PostgreSQL maintains and never uses. */
async function validityOfIndexes(pgm: MigrationBuilder): Promise<ReadonlyMap<string, boolean>> {
  const rows: { name: string; valid: boolean }[] = await pgm.db.select(`
    select relname as name, indisvalid and indisready as valid
    from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = 'ai_dialogue_log'::regclass`);
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}

async function buildIndexes(
  pgm: MigrationBuilder,
  missing: readonly (readonly [name: string, columns: string])[],
  valid: ReadonlyMap<string, boolean>,
): Promise<void> {
  const [{ limit }] = await pgm.db.select(`select current_setting('lock_timeout') as limit`);
  // While a build waits for old transactions to end it blocks no reader or writer; a short limit would leave an invalid index.
  await pgm.db.query(`set lock_timeout = '10min'`);
  for (const [name, columns] of missing) {
    if (valid.has(name)) await pgm.db.query(`drop index concurrently ${name}`);
    await pgm.db.query(`do $$ begin raise notice 'Building ${name}; ai_dialogue_log stays in use.'; end $$`);
    await pgm.db.query(`create index concurrently ${name} on ai_dialogue_log ${columns}`);
  }
  await pgm.db.query(`set lock_timeout = '${limit}'`);
}

/** The key to `users` cannot be validated while there are dialogues whose user does not exist. */
async function moveOrphans(pgm: MigrationBuilder): Promise<void> {
  await pgm.db.query(orphanTable);
  const users: { user_id: string }[] = await pgm.db.select(`
    select distinct user_id from ai_dialogue_log dialogue
    where user_id is not null and not exists (select from users where users.id = dialogue.user_id)`);
  if (users.length === 0) return;
  await refuseReferredOrphans(pgm);
  for (let first = 0; first < users.length; first += batch) {
    const ids = users.slice(first, first + batch).map(({ user_id }) => user_id);
    let moved: number;
    do {
      moved = (await pgm.db.query({ text: moveBatch, values: [ids, batch] })).rowCount ?? 0;
    } while (moved === batch);
  }
  await pgm.db.query(reportMoved);
}

/** Tables of the LMS may refer to a dialogue: deleting it would fail, or delete their rows too. */
async function refuseReferredOrphans(pgm: MigrationBuilder): Promise<void> {
  const keys: { relation: string; attribute: string; target: string; name: string }[] = await pgm.db.select(`
    select conrelid::regclass::text as relation, quote_ident(own.attname) as attribute,
      quote_ident(other.attname) as target, conname as name
    from pg_constraint
    join pg_attribute own on own.attrelid = conrelid and own.attnum = conkey[1]
    join pg_attribute other on other.attrelid = confrelid and other.attnum = confkey[1]
    where contype = 'f' and confrelid = 'ai_dialogue_log'::regclass
      and not conrelid = any (array[to_regclass('provenance'), to_regclass('relevance_judging')]::oid[])`);
  for (const { relation, attribute, target, name } of keys) {
    const [found] = await pgm.db.select(`
      select count(*)::integer as rows from ${relation} referring
      join ai_dialogue_log dialogue on dialogue.${target} = referring.${attribute}
      where dialogue.user_id is not null and not exists (select from users where users.id = dialogue.user_id)`);
    if (found.rows === 0) continue;
    throw new Error(
      `${found.rows} rows of ${relation} (its key ${name}) refer to dialogues whose user is not in users, so these ` +
        'dialogues cannot be moved to orphaned_dialogue. Create the users, or remove the referring rows.',
    );
  }
}

const reportMoved = `
do $$
begin
  raise notice 'Moved % dialogues of % users who are not in users to the table orphaned_dialogue (docs/migration-guide.md).',
    (select count(*) from orphaned_dialogue), (select count(distinct user_id) from orphaned_dialogue);
end $$`;

const orphanTable = `
create table if not exists orphaned_dialogue (
  id uuid primary key,
  user_id uuid not null,
  dialogue jsonb not null,
  moved_at timestamptz not null default now()
);
create index if not exists idx_orphaned_dialogue_user on orphaned_dialogue (user_id);
comment on table orphaned_dialogue is
  'Rows that an adopted ai_dialogue_log had without a row in users, unchanged. See docs/migration-guide.md.'`;

const moveBatch = `
with orphan as (
  delete from ai_dialogue_log where id in (select id from ai_dialogue_log where user_id = any ($1::uuid[]) limit $2)
  returning *
)
insert into orphaned_dialogue (id, user_id, dialogue) select id, user_id, to_jsonb(orphan) from orphan`;

/** All checks in one scan of the table, then the key in another. Validating blocks no reader or writer. */
async function validations(pgm: MigrationBuilder): Promise<readonly string[]> {
  const open: { name: string }[] = await pgm.db.select({
    text: `
      select conname as name from pg_constraint
      where conrelid = 'ai_dialogue_log'::regclass and not convalidated and conname = any ($1) order by conname`,
    values: [constraints],
  });
  const names = open.map(({ name }) => name);
  return [names.filter((name) => name !== userKey), names.filter((name) => name === userKey)]
    .filter((together) => together.length > 0)
    .map(
      (together) => `alter table ai_dialogue_log ${together.map((name) => `validate constraint ${name}`).join(', ')}`,
    );
}

/**
 * Moves the orphans back and makes the key again, for new rows only. A column of theirs that no longer exists is left out.
 * 0002 and 0003 drop the indexes; valid constraints may stay valid.
 */
export async function down(pgm: MigrationBuilder): Promise<void> {
  const [columns] = await pgm.db.select(`
    select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
    where attrelid = 'ai_dialogue_log'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`);
  pgm.sql(`
    do $$
    begin
      if exists (select from orphaned_dialogue) then
        alter table ai_dialogue_log drop constraint ${userKey};
        insert into ai_dialogue_log (${columns.names})
          select ${columns.names} from (
            select restored.* from orphaned_dialogue, jsonb_populate_record(null::ai_dialogue_log, dialogue) as restored
          ) as orphan
          on conflict (id) do nothing;
        alter table ai_dialogue_log add constraint ${userKey}
          foreign key (user_id) references users (id) on delete cascade not valid;
      end if;
    end $$;
    drop table orphaned_dialogue`);
}
