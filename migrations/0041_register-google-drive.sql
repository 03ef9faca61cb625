-- Up Migration
-- Nobody uses it before it is configured and enabled, and nothing was checked yet.
insert into plugin_registry (name, source, capabilities, version, enabled) values
  ('Google Drive Integration', 'google-drive',
   '{"list": true, "search": true, "filter": false, "fetch": true, "transform": false, "health": true}', '1.0.0', false)
on conflict do nothing;

-- Down Migration
-- What was taken in of it keeps the row that it names.
delete from plugin_registry where source = 'google-drive'
  and not exists (select from source_item where source = 'google-drive')
  and not exists (select from source_sync where source = 'google-drive')
  and not exists (select from provenance where source = 'google-drive');
