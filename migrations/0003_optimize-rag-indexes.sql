-- Up Migration
do $$
begin
  -- A table with rows gets this index from 0009, which does not block writes.
  if not exists (select from ai_dialogue_log) then
    create index if not exists idx_ai_dialogue_user_created on ai_dialogue_log (user_id, created_at desc);
  end if;
end $$;
create index idx_provenance_expiring on provenance (expires_at) where retention_years is not null;
create unique index idx_rag_metrics_date_unique on rag_metrics_history (date);
create index idx_plugin_enabled_healthy on plugin_registry (name) where enabled and health_status = 'healthy';

-- The current version of a document that is ingested again.
create index idx_provenance_current_source on provenance (source_uri, content_type)
  where superseded_at is null and content_type <> 'ai_response';
-- Lists of documents, newest first.
create index idx_provenance_listed on provenance (acquired_at, id) where content_type <> 'ai_response';
-- Expired documents that retention has not removed yet.
create index idx_provenance_unremoved on provenance (expires_at)
  where retention_years is not null and removed_at is null and content_type <> 'ai_response';
-- The next documents to verify.
create index idx_provenance_verification on provenance (last_verified_at nulls first, id) include (verification_status)
  where superseded_at is null and removed_at is null and content_type <> 'ai_response';
-- Dashboards: documents by licence, and documents that changed after they were ingested.
create index idx_provenance_held on provenance (license_type, acquisition_method, permission_flag, external_share_consent)
  where content_type <> 'ai_response' and superseded_at is null and removed_at is null;
create index idx_provenance_changed on provenance (last_verified_at)
  where verification_status in ('hash_mismatch', 'manifest_mismatch', 'manifest_invalid');

comment on table ai_dialogue_log is 'One row per turn: question, answer, citations, cost, latency. No other table holds text of users.';
comment on column ai_dialogue_log.citations is 'Array of {source, sourceType, excerpt, confidence, timestamp, pageNumber?, startSeconds?, paragraphIndex?, url?, valid?, contentId, passageId}; valid null means not judged, a missing valid means valid.';
comment on column ai_dialogue_log.latency_ms is 'Milliseconds from the question to the end of the answer, before the commit.';
comment on column ai_dialogue_log.token_cost_jpy is 'Yen, not rounded before sums. Null: the model has no price. 0: the answer was free.';
comment on column ai_dialogue_log.citation_rate is 'Percent (0-100) of the answer''s judged sentences that have a valid citation. Null: none could be judged.';
comment on column ai_dialogue_log.finish_reason is 'Why the model stopped: stop, length (the answer is truncated) or another word. Null: not known.';
comment on column ai_dialogue_log.relevance_score is '0-1. Null: not scored.';
comment on column ai_dialogue_log.user_feedback is '-1, 0 or 1. Null: no vote.';
comment on column ai_dialogue_log.withheld is 'Matching passages that were not used, because a remote model may not see them.';
comment on table provenance is 'Source, licence and expiry of each document and answer. The row of a removed document stays as its tombstone.';
comment on column provenance.content_id is 'materials.id for material, ai_dialogue_log.id for ai_response, an id of its own for other types.';
comment on column provenance.expires_at is 'acquired_at + retention_years, in UTC.';
comment on column provenance.superseded_at is 'When a newer version replaced this one. Null: the current version.';
comment on column provenance.source is 'plugin_registry.source that the document came from. Null: another program wrote the row.';
comment on column provenance.language is 'BCP 47, lower case: ja, en, zh-hant. Null: unknown.';
comment on column provenance.published_at is 'When the document was published or last changed, according to its source. Null: the source does not say.';
comment on table rag_metrics_history is 'One row per day in Asia/Tokyo, calculated by the rollup; a re-run replaces it.';
comment on column rag_metrics_history.citation_rate is 'Percent of answered questions with at least one valid citation.';
comment on column rag_metrics_history.latency_histogram is 'Big-endian 4-byte numbers: the count of 0 ms, the index of the first bucket, then the count of each bucket. See docs/rollup.md.';
comment on column rag_metrics_history.slo_compliance is '{citationRateMet, latencyMet, costMet, relevanceMet, overallMet}: true, false or null (not enough data).';
comment on column rag_metrics_history.citations_by_type is 'Valid citations by type of source: note, material, document, web, other. Their sum is citation_count.';
comment on table plugin_registry is 'Content sources. api_key_env_var holds the NAME of a variable, never a key.';
comment on column plugin_registry.module is 'The npm package or file of the plugin. Null: the plugin named after the source in services/sources/plugins/.';
comment on column plugin_registry.metadata is 'Metadata of all documents of the source (license, rightsHolder, permission …), unless an item has its own.';
comment on column plugin_registry.allowed_hosts is 'Hosts on loopback or private networks that the source may be fetched from: host or host:port.';
comment on column plugin_registry.sync_every_minutes is 'How often the worker syncs the source. Null: on demand only.';
comment on column plugin_registry.health_status is 'healthy, degraded or down. Null: never checked.';
comment on column plugin_registry.health_error is 'What the last check found wrong, without text of documents. Null: nothing.';

-- Down Migration
drop index if exists idx_ai_dialogue_user_created, idx_provenance_expiring, idx_rag_metrics_date_unique, idx_plugin_enabled_healthy,
  idx_provenance_current_source, idx_provenance_listed, idx_provenance_unremoved, idx_provenance_verification,
  idx_provenance_held, idx_provenance_changed;
