-- Up Migration
-- What a source's row says beside its own configuration.
alter table plugin_registry
  add column module text check (module <> ''),
  add column facts jsonb check (jsonb_typeof(facts) = 'object'),
  add column allowed_hosts text[] not null default '{}',
  add column sync_every_minutes integer check (sync_every_minutes between 1 and 525600),
  add column health_latency_ms integer check (health_latency_ms >= 0),
  add column health_error text;
update plugin_registry set capabilities = capabilities || '{"health": true}' where source in ('note', 'local');

comment on column plugin_registry.module is 'The npm package or the file that holds the plugin. Null: services/sources/plugins/SOURCE.ts.';
comment on column plugin_registry.facts is 'What is told of all content of the source (license, rightsHolder, permission …), where an item does not tell its own.';
comment on column plugin_registry.allowed_hosts is 'Hosts on loopback or private networks that the source may be fetched from all the same: host or host:port.';
comment on column plugin_registry.sync_every_minutes is 'How often the worker syncs it. Null: on demand only.';
comment on column plugin_registry.health_status is 'healthy, degraded or down. Null: never checked.';
comment on column plugin_registry.health_error is 'What the last check found wrong, without text of the content. Null: nothing.';

-- What is known of each item of a source: written with its content, so that a sync that was killed goes on where it was.
create table source_item (
  source varchar(50) not null references plugin_registry (source) on update cascade,
  key text not null check (octet_length(key) between 1 and 2400),
  stamp text,
  content_id uuid,
  content_type content_type,
  published_at timestamptz,
  taken_at timestamptz,
  checked_at timestamptz not null default now(),
  gone_at timestamptz,
  failures integer not null default 0 check (failures >= 0),
  failure text,
  primary key (source, key)
);
comment on table source_item is 'One row an item of a source: which version was taken in, as which content, or why it was not.';
comment on column source_item.stamp is 'Of the version taken in, and of what else decides how it is stored. Null: none was.';
comment on column source_item.gone_at is 'When it was found to be deleted at the source. Null: it is there.';
comment on column source_item.failure is 'Why it could not be taken in the last time, without its text. Null: it was.';

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
  cursor jsonb,
  cursor_stamp text
);
comment on table source_sync is 'The last sync of each source, counted on while it runs, and where the next one begins.';
comment on column source_sync.requested_at is 'Somebody asks for a sync before it is due. Null: nobody does.';
comment on column source_sync.cursor is 'What the plugin remembers of its last listing. Only for the configuration that cursor_stamp is made of.';

-- Who changed what of the registry; checks of health are no changes.
create table plugin_registry_audit (
  id uuid primary key default rag_uuidv7(),
  at timestamptz not null default now(),
  source varchar(50) not null,
  actor text not null,
  change jsonb not null
);
create index idx_plugin_registry_audit_at on plugin_registry_audit (at);
comment on table plugin_registry_audit is 'One row a change of plugin_registry: by field, what it was and what it became.';
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

-- What questions may be narrowed to.
alter table provenance
  add column source varchar(50),
  add column language varchar(35),
  add column published_at timestamptz;
comment on column provenance.source is 'plugin_registry.source that the content came by. Null: it was written by others.';
comment on column provenance.language is 'BCP 47, lower case: ja, en, zh-hant. Null: not known.';
comment on column provenance.published_at is 'When the source says that it was published or last changed. Null: it does not say.';
-- What a sync removed because its source did.
alter table retention_audit
  alter column retention_years drop not null,
  alter column expires_at drop not null,
  drop constraint retention_audit_reason_check,
  add constraint retention_audit_reason_check check (reason in ('expired', 'former_version_expired', 'gone_at_source')),
  add constraint retention_audit_expiry_check check (reason = 'gone_at_source' or expires_at is not null);
comment on column retention_audit.reason is 'expired: the current version. former_version_expired: one that had been replaced, whose passages were gone. gone_at_source: deleted at its source.';

-- All that a question needs of the registry.
create function rag_enabled_sources() returns text[] language sql stable security definer as $$
  select coalesce(array_agg(source::text), '{}') from plugin_registry where enabled
$$;

do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
begin
  execute format('alter function rag_audit_plugins() set search_path = %s', path);
  execute format('alter function rag_enabled_sources() set search_path = %s', path);
  revoke execute on function rag_audit_plugins(), rag_enabled_sources() from public;
  grant execute on function rag_enabled_sources() to rag_app, rag_worker, rag_auditor;
end $$;
grant select, insert, update on source_item, source_sync to rag_worker;
grant update (health_latency_ms, health_error) on plugin_registry to rag_worker;
grant select on source_item, source_sync, plugin_registry_audit to rag_auditor;
grant select (source, language, published_at) on provenance to rag_app;

-- Down Migration
delete from retention_audit where reason = 'gone_at_source';
alter table retention_audit
  drop constraint retention_audit_expiry_check,
  drop constraint retention_audit_reason_check,
  add constraint retention_audit_reason_check check (reason in ('expired', 'former_version_expired')),
  alter column retention_years set not null,
  alter column expires_at set not null;
comment on column retention_audit.reason is 'expired: the current version. former_version_expired: one that had been replaced, whose passages were gone.';
comment on column plugin_registry.health_status is null;
alter table provenance drop column if exists source, drop column if exists language, drop column if exists published_at;
drop trigger if exists plugin_registry_audited on plugin_registry;
drop function if exists rag_audit_plugins(), rag_enabled_sources();
drop table if exists plugin_registry_audit, source_sync, source_item;
update plugin_registry set capabilities = capabilities - 'health';
alter table plugin_registry
  drop column if exists module,
  drop column if exists facts,
  drop column if exists allowed_hosts,
  drop column if exists sync_every_minutes,
  drop column if exists health_latency_ms,
  drop column if exists health_error;
