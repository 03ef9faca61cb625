-- Up Migration
alter table passage validate constraint passage_start_seconds_check;
alter table source_sync add column not_before timestamptz;
comment on column source_sync.not_before is 'The source asked not to be asked before then, so its schedule waits. Null: it asked nothing.';
insert into plugin_registry (name, source, capabilities, version, enabled) values
  ('YouTube', 'youtube',
   '{"list": true, "search": true, "filter": true, "fetch": true, "transform": false, "health": true}', '1.0.0', false)
on conflict do nothing;

-- Down Migration
-- One that was used stays: its content names it.
delete from plugin_registry where source = 'youtube' and not enabled and config is null
  and not exists (select from source_item where source_item.source = 'youtube')
  and not exists (select from source_sync where source_sync.source = 'youtube');
alter table source_sync drop column if exists not_before;
alter table passage
  drop constraint passage_start_seconds_check,
  add constraint passage_start_seconds_check check (start_seconds >= 0) not valid;
