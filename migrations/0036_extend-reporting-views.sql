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

-- What was done to a source plugin, and when: marks on graphs. Never what its settings are, nor who did it.
create view reporting.plugin_changes as
select
  id, at, source,
  case
    when change -> 'source' ->> 'from' is null and change ? 'source' then 'added'
    when change -> 'source' ->> 'to' is null and change ? 'source' then 'removed'
    when change -> 'enabled' -> 'to' = 'true' then 'enabled'
    when change ? 'enabled' then 'disabled'
    else 'configured'
  end as change
from plugin_registry_audit;

-- What was synced last of each source, and what is known of its items: why one could not be taken in holds none of its text.
create view reporting.syncs as
select source, requested_at, started_at, finished_at, succeeded_at, outcome, error, listed, created, replaced, unchanged, removed, failed
from source_sync;

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

-- Down Migration
drop function if exists reporting.slowest_statements();
drop view if exists reporting.syncs, reporting.plugin_changes, reporting.dialogue_retention, reporting.removals,
  reporting.citations;
