-- Up Migration
-- How good an answer is, by each score, and how far that score can be trusted.
alter table ai_dialogue_log add column quality jsonb;
comment on column ai_dialogue_log.quality is
  'Quality scores: {"answer_relevance": {"value": 0.71, "version": "words-1"}, …}. relevance_score has only scores that are validated.';

create table score_validation (
  service text not null,
  score text not null,
  version text not null,
  compared_at timestamptz not null default now(),
  auc double precision not null check (auc between 0 and 1),
  low double precision not null check (low between 0 and 1),
  high double precision not null check (high between 0 and 1),
  right_answers integer not null check (right_answers >= 0),
  wrong_answers integer not null check (wrong_answers >= 0),
  primary key (service, score, version)
);
comment on table score_validation is
  'How well each score separated up-voted answers from down-voted ones in the last 90 days: AUC with its 95 % interval.';

grant update (quality) on ai_dialogue_log to rag_worker;
grant select (quality) on ai_dialogue_log to rag_auditor;
grant select, insert, update, delete on score_validation to rag_worker;
grant select on score_validation to rag_app, rag_auditor;

-- Down Migration
drop table if exists score_validation;
alter table ai_dialogue_log drop column if exists quality;
