-- Up Migration
-- The state of each item of a source. It is written together with the document, so that a sync that was killed continues.
create table source_item (
  source varchar(50) not null references plugin_registry (source) on update cascade,
  key text not null check (octet_length(key) between 1 and 2400),
  version_hash text,
  content_id uuid,
  content_type content_type,
  published_at timestamptz,
  taken_at timestamptz,
  checked_at timestamptz not null default now(),
  gone_at timestamptz,
  failures integer not null default 0 check (failures >= 0),
  failure text,
  failed_version_hash text,
  failed_item json,
  retry_at timestamptz,
  stated jsonb check (jsonb_typeof(stated) = 'object'),
  excluded boolean not null default false,
  notes text[],
  primary key (source, key)
);
-- Whether other items hold the document of an item that is removed.
create index idx_source_item_content on source_item (content_id) where gone_at is null;
comment on table source_item is 'One row per item of a source: the ingested version and its document, or why it was not ingested.';
comment on column source_item.version_hash is 'Hash of the ingested version and of the settings it was ingested with. Null: nothing was ingested.';
comment on column source_item.gone_at is 'When the item was found to be deleted at the source. Null: it exists.';
comment on column source_item.failures is 'How often the version that failed was tried.';
comment on column source_item.failure is 'Why the last attempt to ingest it failed, without its text. Null: it did not fail.';
comment on column source_item.failed_version_hash is 'As version_hash, of the version that failed. Null: none failed, or only the reason was kept.';
comment on column source_item.failed_item is 'The item as the plugin listed it, for the next attempt.';
comment on column source_item.stated is 'Metadata that an operator stated with ingest. Syncs keep it. Null: the operator never ingested it.';
comment on column source_item.excluded is 'An operator removed the document: syncs skip the item until it is restored or ingested.';
comment on column source_item.notes is 'What was left out of the ingested version, and metadata that was ignored; none of its text.';
comment on column source_item.retry_at is 'When it is tried again, listed or not. Null: whenever it is listed.';

-- Triggers keep these counts: metrics read them every few seconds, and a source may have hundreds of thousands of items.
create table source_item_count (
  source varchar(50) primary key,
  items integer not null,
  failing integer not null
);
comment on table source_item_count is 'Counts of source_item. It has no key to plugin_registry: after a source is renamed, the triggers count its items under the new name.';
comment on column source_item_count.items is 'Items that were ingested and still exist.';
comment on column source_item_count.failing is 'Items whose last attempt failed.';

create function rag_count_source_items() returns trigger language plpgsql security definer as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from source_item_count;
  elsif tg_op = 'DELETE' then
    update source_item_count counted set items = counted.items - gone.items, failing = counted.failing - gone.failing
    from (
      select source, count(content_id) filter (where gone_at is null) as items, count(failure) as failing
      from before group by source
    ) as gone
    where counted.source = gone.source;
  elsif tg_op = 'INSERT' then
    insert into source_item_count as counted (source, items, failing)
    select source, count(content_id) filter (where gone_at is null), count(failure) from after group by source
    on conflict (source) do update set items = counted.items + excluded.items, failing = counted.failing + excluded.failing;
  else
    insert into source_item_count as counted (source, items, failing)
    select source, sum(items), sum(failing) from (
      select source, count(content_id) filter (where gone_at is null) as items, count(failure) as failing
      from after group by source
      union all
      select source, -count(content_id) filter (where gone_at is null), -count(failure) from before group by source
    ) as change
    group by source having sum(items) <> 0 or sum(failing) <> 0
    on conflict (source) do update set items = counted.items + excluded.items, failing = counted.failing + excluded.failing;
  end if;
  return null;
end $$;
create trigger source_item_inserted after insert on source_item
  referencing new table as after for each statement execute function rag_count_source_items();
create trigger source_item_updated after update on source_item
  referencing old table as before new table as after for each statement execute function rag_count_source_items();
create trigger source_item_deleted after delete on source_item
  referencing old table as before for each statement execute function rag_count_source_items();
create trigger source_item_truncated after truncate on source_item
  for each statement execute function rag_count_source_items();

create table source_sync (
  source varchar(50) primary key references plugin_registry (source) on update cascade,
  requested_at timestamptz,
  run_id uuid,
  started_at timestamptz,
  finished_at timestamptz,
  succeeded_at timestamptz,
  outcome text check (outcome in ('running', 'succeeded', 'failed')),
  error text,
  listed integer not null default 0,
  created integer not null default 0,
  replaced integer not null default 0,
  unchanged integer not null default 0,
  removed integer not null default 0,
  failed integer not null default 0,
  skipped integer not null default 0,
  unusable integer not null default 0,
  cursor jsonb,
  cursor_hash text,
  not_before timestamptz
);
comment on table source_sync is 'The last sync of each source, updated while it runs, and where the next one begins.';
comment on column source_sync.requested_at is 'When an operator requested a sync before it is due. Null: no request.';
comment on column source_sync.skipped is 'Items without text, and items whose document an operator removed.';
comment on column source_sync.unusable is 'Documents of the source that are stored and may not be used in answers: neither licence nor permission allows it.';
comment on column source_sync.cursor is 'The plugin''s position after its last listing. Valid only for the configuration that cursor_hash was made from.';
comment on column source_sync.not_before is 'The source asked for no requests before this time, so the schedule waits. Null: it did not.';

create table plugin_registry_audit (
  id uuid primary key default rag_uuidv7(),
  at timestamptz not null default now(),
  source varchar(50) not null,
  actor text not null,
  change jsonb not null
);
create index idx_plugin_registry_audit_at on plugin_registry_audit (at);
comment on table plugin_registry_audit is 'One row per change of plugin_registry, without health checks: the old and the new value of each field.';
comment on column plugin_registry_audit.actor is 'app.actor where it was set (user:ID, command:NAME), else the login.';

create function rag_audit_plugins() returns trigger language plpgsql security definer as $$
declare
  checked text[] = array['last_health_check', 'health_status', 'health_latency_ms', 'health_error', 'updated_at'];
  before jsonb = coalesce(to_jsonb(old), '{}') - checked;
  after jsonb = coalesce(to_jsonb(new), '{}') - checked;
  change jsonb;
begin
  select jsonb_object_agg(field, jsonb_build_object('from', before -> field, 'to', after -> field)) into change
  from jsonb_object_keys(before || after) as field
  where before -> field is distinct from after -> field;
  if change is not null then
    insert into plugin_registry_audit (source, actor, change)
    values (coalesce(new.source, old.source), coalesce(nullif(current_setting('app.actor', true), ''), session_user), change);
  end if;
  return null;
end $$;
create trigger plugin_registry_audited after insert or update or delete on plugin_registry
  for each row execute function rag_audit_plugins();

-- All that a question needs from the registry.
create function rag_enabled_sources() returns text[] language sql stable security definer as $$
  select coalesce(array_agg(source::text), '{}') from plugin_registry where enabled
$$;

-- What administrators may change of a source over HTTP. They may not change its code, its address or the variable that holds
-- its key: otherwise a stolen token could run code on the server or send a key elsewhere.
create function rag_change_source(changed text, change jsonb) returns boolean language plpgsql security definer as $$
begin
  update plugin_registry set
    enabled = coalesce((change ->> 'enabled')::boolean, enabled),
    config = case when change ? 'config' then nullif(change -> 'config', 'null') else config end,
    metadata = case when change ? 'metadata' then nullif(change -> 'metadata', 'null') else metadata end,
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

-- A fixed search path with temporary tables last: a caller cannot replace one of our tables by a temporary one.
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array[
    'rag_count_source_items()', 'rag_audit_plugins()', 'rag_enabled_sources()', 'rag_change_source(text, jsonb)',
    'rag_write_source_health(text, text, integer, text)', 'rag_request_sync(text)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
  end loop;
end $$;

-- These stay disabled until an operator configures and enables them.
insert into plugin_registry (name, source, capabilities, version, enabled) values
  ('YouTube', 'youtube',
   '{"list": true, "search": true, "filter": true, "fetch": true, "transform": false, "health": true}', '1.0.0', false),
  ('Notion Integration', 'notion',
   '{"list": true, "search": true, "filter": false, "fetch": true, "transform": false, "health": true}', '1.0.0', false),
  ('Google Drive Integration', 'google-drive',
   '{"list": true, "search": true, "filter": false, "fetch": true, "transform": false, "health": true}', '1.1.0', false)
on conflict do nothing;

-- Down Migration
drop trigger if exists plugin_registry_audited on plugin_registry;
drop table if exists plugin_registry_audit, source_sync, source_item, source_item_count;
drop function if exists rag_request_sync(text), rag_write_source_health(text, text, integer, text), rag_change_source(text, jsonb),
  rag_enabled_sources(), rag_audit_plugins(), rag_count_source_items();
-- A source that was configured or has documents stays: its documents name it.
delete from plugin_registry
where source in ('youtube', 'notion', 'google-drive') and not enabled and config is null
  and not exists (select from provenance where provenance.source = plugin_registry.source);
