-- Up Migration
-- What the boards read beside 0020: citations one a row, retention, changes of plugins, and the slowest statements.
create view reporting.citations as
select
  dialogue.id as dialogue_id, dialogue.created_at, dialogue.model_used, dialogue.outcome,
  citation ->> 'source' as source, citation ->> 'sourceType' as source_type,
  -- Compared as text: an id that others wrote may be none.
  citation ->> 'contentId' as content_id, citation -> 'valid' is distinct from 'false' as valid
from ai_dialogue_log dialogue
cross join lateral jsonb_array_elements(case when jsonb_typeof(citations) = 'array' then citations end) as citation
where jsonb_typeof(citation) = 'object';

create view reporting.removals as
select id, run_id, removed_at, provenance_id, content_id, content_type, retention_years, expires_at, reason, passages
from retention_audit;

create view reporting.dialogue_retention as
select
  run_id, began_at, last_batch_at, deleted_before, held_back_by, ai_dialogue_log as dialogues, provenance, relevance_judging,
  idempotency_key
from dialogue_retention_run;

-- One row a change that an operator made; health checks change a plugin's row every few minutes and are none.
create table plugin_change (
  id uuid primary key default rag_uuidv7(),
  at timestamptz not null default now(),
  source text not null,
  change text not null check (change in ('added', 'enabled', 'disabled', 'configured', 'removed'))
);
comment on table plugin_change is 'What was done to a source plugin, and when: marks on graphs. Never what its settings are.';

-- As the owner: whoever may change a plugin needs no right to write this.
create function note_plugin_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  done text;
  which text;
begin
  if tg_op = 'DELETE' then
    which := old.source;
    done := 'removed';
  else
    which := new.source;
    if tg_op = 'INSERT' then
      done := 'added';
    elsif new.enabled is distinct from old.enabled then
      done := case when new.enabled then 'enabled' else 'disabled' end;
    elsif (new.config, new.api_endpoint, new.api_key_env_var, new.version, new.capabilities)
      is distinct from (old.config, old.api_endpoint, old.api_key_env_var, old.version, old.capabilities) then
      done := 'configured';
    end if;
  end if;
  if done is not null then
    execute format('insert into %I.plugin_change (source, change) values ($1, $2)', tg_table_schema) using which, done;
  end if;
  return null;
end $$;
revoke all on function note_plugin_change() from public;
create trigger plugin_registry_changes after insert or update or delete on plugin_registry
  for each row execute function note_plugin_change();
create view reporting.plugin_changes as select id, at, source, change from plugin_change;

-- Empty where the extension pg_stat_statements is not there, not loaded, or not to be read by the owner.
create function reporting.slowest_statements()
returns table (statement text, calls bigint, total_seconds double precision, mean_ms double precision, longest_ms double precision, rows_each double precision)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  home name;
begin
  select nspname into home
  from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_stat_statements';
  if home is null then
    return;
  end if;
  -- Constants are `$1` in there: what users wrote is not.
  return query execute format(
    'select left(regexp_replace(query, ''\s+'', '' '', ''g''), 300), calls, total_exec_time / 1000, mean_exec_time, max_exec_time,
       rows::double precision / nullif(calls, 0)
     from %I.pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query <> ''<insufficient privilege>''
     order by total_exec_time desc limit 50', home);
exception when object_not_in_prerequisite_state then
  return;
end $$;
revoke all on function reporting.slowest_statements() from public;

grant execute on function reporting.slowest_statements() to grafana_reader;
grant select on all tables in schema reporting to grafana_reader;
grant select on plugin_change to rag_auditor;

-- Down Migration
drop function if exists reporting.slowest_statements();
drop view if exists reporting.plugin_changes, reporting.dialogue_retention, reporting.removals, reporting.citations;
drop trigger if exists plugin_registry_changes on plugin_registry;
drop function if exists note_plugin_change();
drop table if exists plugin_change;
