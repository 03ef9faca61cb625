-- Up Migration
-- What retention removed of content, when and why. The provenance row itself stays, with removed_at set.
create table retention_audit (
  id uuid primary key default rag_uuidv7(),
  run_id uuid not null,
  removed_at timestamptz not null default now(),
  provenance_id uuid not null unique,
  content_id uuid not null,
  content_type content_type not null,
  source_uri text,
  acquired_at timestamptz not null,
  retention_years integer not null,
  expires_at timestamptz not null,
  reason text not null check (reason in ('expired', 'former_version_expired')),
  passages integer not null check (passages >= 0)
);
create index idx_retention_audit_removed_at on retention_audit (removed_at);

-- One row a run that deletes old dialogues, counted on with each batch. Nothing in it leads to a user.
create table dialogue_retention_run (
  run_id uuid primary key,
  began_at timestamptz not null default now(),
  last_batch_at timestamptz,
  deleted_before timestamptz not null,
  held_back_by date,
  ai_dialogue_log bigint not null default 0 check (ai_dialogue_log >= 0),
  provenance bigint not null default 0 check (provenance >= 0),
  relevance_judging bigint not null default 0 check (relevance_judging >= 0),
  idempotency_key bigint not null default 0 check (idempotency_key >= 0)
);
-- The rollup asks how far deletion has come.
create index idx_dialogue_retention_deleted on dialogue_retention_run (deleted_before) where ai_dialogue_log > 0;

comment on table retention_audit is 'One row a provenance row whose content retention removed. See docs/retention.md.';
comment on column retention_audit.run_id is 'job_run.run_id of the night or the command. A run that was told to stop half-way has no row there.';
comment on column retention_audit.reason is 'expired: the current version. former_version_expired: one that had been replaced, whose passages were gone.';
comment on table dialogue_retention_run is 'Dialogues deleted for their age, by run: counts, no users.';
comment on column dialogue_retention_run.deleted_before is 'Dialogues from before this instant, the beginning of a day in Asia/Tokyo, were deleted.';
comment on column dialogue_retention_run.held_back_by is 'The first day that was not rolled up: it and what follows was kept, although it was old enough. Null: none.';

do $$
begin
  if exists (select from pg_roles where rolname = 'rag_worker') then
    grant select, insert on retention_audit to rag_worker;
    grant select, insert, update on dialogue_retention_run to rag_worker;
  end if;
  if exists (select from pg_roles where rolname = 'rag_auditor') then
    grant select on retention_audit, dialogue_retention_run to rag_auditor;
  end if;
end $$;

-- Down Migration
drop table if exists dialogue_retention_run, retention_audit;
