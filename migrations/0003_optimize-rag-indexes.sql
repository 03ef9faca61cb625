-- Up Migration
do $$
begin
  -- A table with rows gets it from 0010, which does not lock it.
  if not exists (select from ai_dialogue_log) then
    create index if not exists idx_ai_dialogue_user_created on ai_dialogue_log (user_id, created_at desc);
  end if;
end $$;
create index idx_provenance_expiring on provenance (expires_at) where retention_years is not null;
create unique index idx_rag_metrics_date_unique on rag_metrics_history (date);
create index idx_plugin_enabled_healthy on plugin_registry (name) where enabled and health_status = 'healthy';

comment on table ai_dialogue_log is 'One row an answer: question, reply, citations, cost, latency. Text of users lives here only.';
comment on column ai_dialogue_log.citations is 'Array of {source, sourceType, excerpt, confidence, timestamp, pageNumber?, paragraphIndex?, valid?, contentId, passageId}; a missing valid means valid.';
comment on column ai_dialogue_log.latency_ms is 'Milliseconds from the question to the end of the answer, before the commit.';
comment on column ai_dialogue_log.token_cost_jpy is 'Yen, not rounded before sums. Null: the model has no price. 0: the answer was free.';
comment on column ai_dialogue_log.citation_rate is 'Percent (0-100) of the answer''s sentences that carry a valid citation.';
comment on column ai_dialogue_log.relevance_score is '0-1. Null: not judged.';
comment on column ai_dialogue_log.user_feedback is '-1, 0 or 1. Null: no vote.';
comment on column ai_dialogue_log.withheld is 'Passages that matched and were not used, because a remote model may not see them.';
comment on table provenance is 'Where content came from, under which licence, until when. A removed content''s row stays as its tombstone.';
comment on column provenance.content_id is 'materials.id for material, ai_dialogue_log.id for ai_response, an id of its own for other types.';
comment on column provenance.expires_at is 'acquired_at + retention_years, in UTC.';
comment on column provenance.superseded_at is 'When changed content replaced this version. Null: the current version.';
comment on table rag_metrics_history is 'One row a day in Asia/Tokyo, computed by the rollup; a re-run replaces it.';
comment on column rag_metrics_history.citation_rate is 'Percent of answered questions with at least one valid citation.';
comment on column rag_metrics_history.slo_compliance is '{citationRateMet, latencyMet, costMet, relevanceMet, overallMet}: true, false or null (not enough data).';
comment on table plugin_registry is 'Content sources. api_key_env_var holds the NAME of a variable, never a key.';

-- Down Migration
drop index if exists idx_ai_dialogue_user_created, idx_provenance_expiring, idx_rag_metrics_date_unique, idx_plugin_enabled_healthy;
