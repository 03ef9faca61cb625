-- Up Migration
-- The plugin of local files has no transform of its own: they are read by their format. A row that was configured since says so already.
update plugin_registry set capabilities = capabilities || '{"transform": false}'
where source = 'local' and module is null and version = '1.0.0'
  and capabilities = '{"list": true, "search": true, "filter": true, "fetch": true, "transform": true, "health": true}';

-- A source has one sync at a time, also when one goes on over midnight: the lease of a job's day alone would allow a second one.
lock table job_run in share row exclusive mode;
update job_run older set state = 'failed', finished_at = now(), rows_written = 0, error = 'another sync of the source was under way'
where job like 'sync:%' and state = 'running' and exists (
  select from job_run newer
  where newer.job = older.job and newer.state = 'running' and (newer.lease_until, newer.id) > (older.lease_until, older.id)
);
create unique index idx_job_run_sync_lease on job_run (job) where state = 'running' and job like 'sync:%';

-- Down Migration
drop index if exists idx_job_run_sync_lease;
