-- Up Migration
-- What a day's answers rest on, counted with the day: read from the dialogues, it would take seconds for a month of them.
alter table rag_metrics_history
  add column citations_by_type jsonb,
  add constraint rag_metrics_history_citations_by_type_check check (jsonb_typeof(citations_by_type) = 'object');
comment on column rag_metrics_history.citations_by_type is 'Valid citations by kind of source: note, material, document, web, other; together they are citation_count. Null: computed before this was counted.';

create or replace view reporting.metrics_history as
select
  id, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at,
  citations_by_type
from rag_metrics_history;

-- Down Migration
drop view if exists reporting.metrics_history;
alter table rag_metrics_history drop column if exists citations_by_type;
create view reporting.metrics_history as
select
  id, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at
from rag_metrics_history;
grant select on reporting.metrics_history to grafana_reader;
