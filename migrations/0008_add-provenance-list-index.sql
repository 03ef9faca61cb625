-- Up Migration
-- Lists of content walk this, newest first, past the one row that every answer has.
create index idx_provenance_listed on provenance (acquired_at, id) where content_type <> 'ai_response';

-- Down Migration
drop index if exists idx_provenance_listed;
