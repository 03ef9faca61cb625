-- Up Migration
-- The check is held against the passages that are there by 0039, which lets them be read and written meanwhile.
alter table passage
  add column start_seconds integer,
  add constraint passage_start_seconds_check check (start_seconds >= 0) not valid;
comment on column passage.start_seconds is 'Second of the recording at which the passage begins. Null where the source has no time.';
comment on column ai_dialogue_log.citations is 'Array of {source, sourceType, excerpt, confidence, timestamp, pageNumber?, startSeconds?, paragraphIndex?, url?, valid?, contentId, passageId}; a missing valid means valid.';

-- Down Migration
comment on column ai_dialogue_log.citations is 'Array of {source, sourceType, excerpt, confidence, timestamp, pageNumber?, paragraphIndex?, valid?, contentId, passageId}; a missing valid means valid.';
alter table passage drop column if exists start_seconds;
