-- Up Migration
-- The plugin reads spreadsheets and slides; what it passed over before is taken in by its next sync.
update plugin_registry set version = '1.1.0' where source = 'google-drive' and module is null and version = '1.0.0';

-- Down Migration
update plugin_registry set version = '1.0.0' where source = 'google-drive' and module is null and version = '1.1.0';
