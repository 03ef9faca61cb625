-- Up Migration
-- Answers that a judge has been asked about and that have no score yet. The row is the claim and the count of attempts.
create table relevance_judging (
  dialogue_id uuid primary key references ai_dialogue_log (id) on delete cascade,
  attempts integer not null default 1 check (attempts >= 1),
  claimed_until timestamptz not null
);
comment on table relevance_judging is 'Judgements under way or failed; a scored answer has no row here.';

-- Down Migration
drop table if exists relevance_judging;
