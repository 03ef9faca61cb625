/** Moves the dialogues of an adopted table whose user is gone to a table of their own, so that the key to `users` can hold. */
import type { MigrationBuilder } from 'node-pg-migrate';

/** A few milliseconds' work each, so that nothing is locked for long. */
const batch = 2_000;

export async function up(pgm: MigrationBuilder): Promise<void> {
  const users: { user_id: string }[] = await pgm.db.select(`
    select distinct user_id from ai_dialogue_log dialogue
    where user_id is not null and not exists (select from users where users.id = dialogue.user_id)`);
  if (users.length === 0) {
    pgm.sql(table);
    return;
  }
  pgm.noTransaction();
  await refuseIfReferred(pgm);
  await pgm.db.query(table);
  for (let first = 0; first < users.length; first += batch) {
    const ids = users.slice(first, first + batch).map(({ user_id }) => user_id);
    let moved: number;
    do {
      moved = (await pgm.db.query({ text: moveSome, values: [ids, batch] })).rowCount ?? 0;
    } while (moved === batch);
  }
  await pgm.db.query(tell);
}

/** Tables of the LMS may hang on a dialogue: to delete it would fail, or take their rows with it. */
async function refuseIfReferred(pgm: MigrationBuilder): Promise<void> {
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
        'dialogues cannot be moved aside. Make the users, or remove the referring rows.',
    );
  }
}

const tell = `
do $$
begin
  raise notice 'Moved % dialogues of % users who are not in users to the table orphaned_dialogue (docs/migration-guide.md).',
    (select count(*) from orphaned_dialogue), (select count(distinct user_id) from orphaned_dialogue);
end $$`;

const table = `
create table if not exists orphaned_dialogue (
  id uuid primary key,
  user_id uuid not null,
  dialogue jsonb not null,
  moved_at timestamptz not null default now()
);
create index if not exists idx_orphaned_dialogue_user on orphaned_dialogue (user_id);
comment on table orphaned_dialogue is
  'Rows of ai_dialogue_log that the LMS had without a row in users, as they were. See docs/migration-guide.md.'`;

const moveSome = `
with orphan as (
  delete from ai_dialogue_log where id in (select id from ai_dialogue_log where user_id = any ($1::uuid[]) limit $2)
  returning *
)
insert into orphaned_dialogue (id, user_id, dialogue) select id, user_id, to_jsonb(orphan) from orphan`;

/** They come back, and the key is made anew for the rows to come; a column that is gone by now is left out. */
export async function down(pgm: MigrationBuilder): Promise<void> {
  const [columns] = await pgm.db.select(`
    select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
    where attrelid = 'ai_dialogue_log'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`);
  pgm.sql(`
    do $$
    begin
      if exists (select from orphaned_dialogue) then
        alter table ai_dialogue_log drop constraint ai_dialogue_log_user_id_fkey;
        insert into ai_dialogue_log (${columns.names})
          select ${columns.names} from (
            select restored.* from orphaned_dialogue, jsonb_populate_record(null::ai_dialogue_log, dialogue) as restored
          ) as orphan
          on conflict (id) do nothing;
        alter table ai_dialogue_log add constraint ai_dialogue_log_user_id_fkey
          foreign key (user_id) references users (id) on delete cascade not valid;
      end if;
    end $$;
    drop table orphaned_dialogue`);
}
