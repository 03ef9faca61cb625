-- Up Migration
-- Spans of other applications that wait until their trace is complete. They hold texts of users, for minutes.
create table pending_span (
  service text not null,
  trace_id text not null,
  span_id text not null,
  part text not null,
  group_id text not null,
  user_id uuid,
  is_ai boolean not null,
  received_at timestamptz not null default clock_timestamp(),
  content jsonb not null,
  primary key (service, trace_id, span_id, part)
) with (
  -- All rows are deleted within minutes, so dead rows are removed as soon as they are a few thousand.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1,
  autovacuum_vacuum_cost_delay = 0
);
create index idx_pending_span_group on pending_span (service, group_id, received_at);
create index idx_pending_span_user on pending_span (user_id) where user_id is not null;

-- Turns that were assembled within a day: what distinguishes their late spans and repeats from new turns. Holds no text.
create table assembled_turn (
  service text not null,
  trace_id text not null,
  root_span_id text not null,
  group_id text not null,
  assembled_at timestamptz not null default clock_timestamp(),
  span_ids text[] not null,
  open_parents text[] not null,
  dialect text not null,
  fingerprint text not null,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  notes jsonb not null,
  primary key (service, trace_id, root_span_id)
);
create index idx_assembled_turn_group on assembled_turn (service, group_id);
create index idx_assembled_turn_fingerprint on assembled_turn (service, fingerprint);
create index idx_assembled_turn_at on assembled_turn (assembled_at);

-- Requests that were refused, by kind, so that "I sent it and nothing shows" has an answer. Holds no text and no key.
create table refused_request (
  service text not null,
  key_prefix text not null,
  path text not null,
  reason text not null,
  count bigint not null,
  last_at timestamptz not null,
  primary key (service, key_prefix, path, reason)
);

do $$
declare
  protected regclass;
begin
  foreach protected in array array['pending_span', 'assembled_turn']::regclass[] loop
    execute format('alter table %s enable row level security, force row level security', protected);
    execute format(
      'create policy owner_has_all on %s to %I using (true)',
      protected, (select rolname from pg_class join pg_roles on pg_roles.oid = relowner where pg_class.oid = protected)
    );
  end loop;
end $$;
create policy recorder_has_all on pending_span to rag_recorder using (true);
create policy recorder_has_all on assembled_turn to rag_recorder using (true);

-- A turn is a user's if one of its spans names the user, so the others of its group are too. The owner's rights, because a
-- policy cannot read its own table.
create function rag_pending_groups_of_user() returns table (service text, group_id text)
  language sql stable security definer as $$
  select distinct pending_span.service, pending_span.group_id from pending_span where user_id = rag_current_user()
$$;
do $$
begin
  execute format('alter function rag_pending_groups_of_user() set search_path = %s',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp');
end $$;
revoke execute on function rag_pending_groups_of_user() from public;
grant execute on function rag_pending_groups_of_user() to rag_app;
create policy app_has_own on pending_span to rag_app
  using ((service, group_id) in (select own.service, own.group_id from rag_pending_groups_of_user() as own));
create policy auditor_reads on assembled_turn for select to rag_auditor using (true);
create policy auditor_reads on pending_span for select to rag_auditor using (true);

grant select, insert, delete on pending_span, assembled_turn to rag_recorder;
grant select, delete on pending_span to rag_app;
grant select, insert, delete, update (count, last_at) on refused_request to rag_recorder;
grant select on refused_request to rag_auditor;
grant select on assembled_turn to rag_auditor;
grant select (service, trace_id, span_id, part, group_id, is_ai, received_at) on pending_span to rag_auditor;

comment on table pending_span is 'Spans and log events of other applications, until they are assembled to turns. Rows are deleted within minutes, at the latest within a day.';
comment on column pending_span.group_id is 'What is assembled together: a trace, or the traces of one conversation.';
comment on column pending_span.user_id is 'Made from the application''s id of the user. Null: the span names none; another one of its group may.';
comment on function rag_pending_groups_of_user() is 'The groups of spans of the current user.';
comment on column pending_span.part is 'Empty for a span; a hash for a log event of the span.';
comment on column pending_span.is_ai is 'False: kept only because it links other spans, without its name and attributes.';
comment on table assembled_turn is 'Turns assembled from spans within the last day, to recognise late spans and repeats. Holds no text.';
comment on column assembled_turn.fingerprint is 'Hash of the answer: two instrumentations report the same turn with the same one.';
comment on column assembled_turn.notes is '{dropped, sampled, skewMs, spans, duplicate}: what `services doctor` reports.';
comment on table refused_request is 'Refused requests of applications by kind, for `services doctor`.';
comment on column refused_request.service is 'Empty: the key is unknown.';

-- Down Migration
drop table if exists refused_request, assembled_turn, pending_span;
drop function if exists rag_pending_groups_of_user();
