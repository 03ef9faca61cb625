-- Up Migration
-- The key applies to new rows at once. 0009 moves the existing rows without a user to orphaned_dialogue and validates the others.
do $$
begin
  if exists (
    select from pg_constraint
    where conrelid = 'ai_dialogue_log'::regclass and conname = 'ai_dialogue_log_user_id_fkey'
      and not (contype = 'f' and confrelid = 'users'::regclass and confdeltype = 'c')
  ) then
    raise notice 'Replacing the key ai_dialogue_log_user_id_fkey of ai_dialogue_log by one that cascades. It was: %',
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
-- Deleting a referenced row looks up the rows that refer to it; without these indexes that scans a year of answers.
create index idx_provenance_material on provenance (material_id) where material_id is not null;
create index idx_provenance_dialogue on provenance (dialogue_id) where dialogue_id is not null;
create index idx_provenance_acquired_by on provenance (acquired_by) where acquired_by is not null;

-- Down Migration
drop index if exists idx_provenance_material, idx_provenance_dialogue, idx_provenance_acquired_by;
alter table provenance drop constraint if exists provenance_acquired_by_fkey;
alter table provenance drop constraint if exists provenance_dialogue_id_fkey;
alter table provenance drop constraint if exists provenance_material_id_fkey;
alter table ai_dialogue_log drop constraint if exists ai_dialogue_log_user_id_fkey;
