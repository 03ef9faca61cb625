-- Step 1 of docs/growth.md, in one transaction: creates the empty partitioned table, and adds a bound to the existing table.
set local lock_timeout = '3s';
lock table ai_dialogue_log in share update exclusive mode;
set local lock_timeout = '500ms';

create table ai_dialogue_log_months (
  like ai_dialogue_log including defaults including constraints including generated including comments including storage,
  primary key (id, created_at),
  constraint ai_dialogue_log_user_id_fkey foreign key (user_id) references users (id) on delete cascade
) partition by range (created_at);

-- The month in Asia/Tokyo that contains the day. Rows up to half a page stay uncompressed, as in ai_dialogue_log.
create function rag_make_dialogue_month(of_month date) returns void language plpgsql as $$
declare
  begins timestamp = date_trunc('month', of_month);
begin
  execute format(
    'create table if not exists %I partition of %s for values from (%L) to (%L) with (toast_tuple_target = 4080)',
    'ai_dialogue_log_' || to_char(begins, 'YYYY_MM'),
    coalesce(to_regclass('ai_dialogue_log_months'), 'ai_dialogue_log'),
    begins at time zone 'Asia/Tokyo', (begins + interval '1 month') at time zone 'Asia/Tokyo'
  );
end $$;

-- The bound is the end of a month at least a week away. Run step 3 or undo.sql before that date.
do $$
declare
  bound timestamp = date_trunc('month', (now() at time zone 'Asia/Tokyo') + interval '7 days') + interval '1 month';
  index record;
  loose record;
begin
  -- A check that was not validated stays so: the existing table may have rows that violate it, and is attached with them.
  for loose in
    select conname, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = 'ai_dialogue_log'::regclass and contype = 'c' and not convalidated
  loop
    execute format('alter table ai_dialogue_log_months drop constraint %I', loose.conname);
    execute format('alter table ai_dialogue_log_months add constraint %I %s', loose.conname, loose.definition);
  end loop;
  execute format(
    'alter table ai_dialogue_log add constraint ai_dialogue_log_before_months check (created_at < %L) not valid',
    bound at time zone 'Asia/Tokyo'
  );
  for index in
    select relname, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = 'ai_dialogue_log'::regclass and not indisprimary
  loop
    execute regexp_replace(
      index.definition, 'INDEX \S+ ON \S+ ', format('INDEX %I ON ai_dialogue_log_months ', index.relname || '_months')
    );
  end loop;
  for month in 0..11 loop
    perform rag_make_dialogue_month((bound + month * interval '1 month')::date);
  end loop;
  -- The default partition accepts rows without a month. Rows in it show that a month was not created in time.
  create table ai_dialogue_log_otherwise partition of ai_dialogue_log_months default with (toast_tuple_target = 4080);
end $$;
