-- Up Migration
-- What administrators may change of a source over HTTP. Not where its code comes from, where it is fetched from, nor which variable
-- holds its key: with those, a token would be enough to run code here or to send a secret away.
create function rag_change_source(changed text, change jsonb) returns boolean language plpgsql security definer as $$
begin
  update plugin_registry set
    enabled = coalesce((change ->> 'enabled')::boolean, enabled),
    config = case when change ? 'config' then nullif(change -> 'config', 'null') else config end,
    facts = case when change ? 'facts' then nullif(change -> 'facts', 'null') else facts end,
    sync_every_minutes = case
      when change ? 'syncEveryMinutes' then (change ->> 'syncEveryMinutes')::integer else sync_every_minutes
    end
  where source = changed;
  return found;
end $$;
create function rag_write_source_health(checked text, status text, latency_ms integer, error text) returns void
language sql security definer as $$
  update plugin_registry
  set last_health_check = now(), health_status = status, health_latency_ms = latency_ms, health_error = error
  where source = checked
$$;
create function rag_request_sync(wanted text) returns boolean language plpgsql security definer as $$
begin
  insert into source_sync (source, requested_at) select source, now() from plugin_registry where source = wanted and enabled
  on conflict (source) do update set requested_at = now();
  return found;
end $$;

do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array[
    'rag_change_source(text, jsonb)', 'rag_write_source_health(text, text, integer, text)', 'rag_request_sync(text)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
    execute format('grant execute on function %s to rag_auditor', called);
  end loop;
end $$;

-- For the metric of how late a sync is: a row that was changed a moment ago is not late.
grant select on plugin_registry_audit to rag_worker;

-- Down Migration
revoke select on plugin_registry_audit from rag_worker;
drop function if exists rag_request_sync(text), rag_write_source_health(text, text, integer, text), rag_change_source(text, jsonb);
