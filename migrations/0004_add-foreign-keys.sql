-- Up Migration
-- Holds for new rows at once. Rows that an adopted table had: 0011 moves those without a user aside, 0012 validates the rest.
do $$
begin
  if exists (
    select from pg_constraint
    where conrelid = 'ai_dialogue_log'::regclass and conname = 'ai_dialogue_log_user_id_fkey'
      and not (contype = 'f' and confrelid = 'users'::regclass and confdeltype = 'c')
  ) then
    raise notice 'The key ai_dialogue_log_user_id_fkey of ai_dialogue_log is replaced by one that cascades; it was: %',
      (select pg_get_constraintdef(oid) from pg_constraint
       where conrelid = 'ai_dialogue_log'::regclass and conname = 'ai_dialogue_log_user_id_fkey');
    alter table ai_dialogue_log drop constraint ai_dialogue_log_user_id_fkey;
  end if;
  if not exists (
    select from pg_constraint
    where conrelid = 'ai_dialogue_log'::regclass and conname = 'ai_dialogue_log_user_id_fkey'
  ) then
    alter table ai_dialogue_log add constraint ai_dialogue_log_user_id_fkey
      foreign key (user_id) references users (id) on delete cascade not valid;
  end if;
end $$;
alter table provenance add constraint provenance_material_id_fkey
  foreign key (material_id) references materials (id) on delete restrict;
alter table provenance add constraint provenance_dialogue_id_fkey
  foreign key (dialogue_id) references ai_dialogue_log (id) on delete cascade;
alter table provenance add constraint provenance_acquired_by_fkey
  foreign key (acquired_by) references users (id) on delete set null;
-- A referenced row's deletion looks its referencing rows up; without these indexes that is a scan of a year of answers.
create index idx_provenance_material on provenance (material_id) where material_id is not null;
create index idx_provenance_dialogue on provenance (dialogue_id) where dialogue_id is not null;
create index idx_provenance_acquired_by on provenance (acquired_by) where acquired_by is not null;

-- Down Migration
drop index if exists idx_provenance_material, idx_provenance_dialogue, idx_provenance_acquired_by;
alter table provenance drop constraint if exists provenance_acquired_by_fkey;
alter table provenance drop constraint if exists provenance_dialogue_id_fkey;
alter table provenance drop constraint if exists provenance_material_id_fkey;
alter table ai_dialogue_log drop constraint if exists ai_dialogue_log_user_id_fkey;
