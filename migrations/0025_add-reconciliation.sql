-- Up Migration
-- Each day as Prometheus counted it beside the day as this database held it when the two were compared.
create table rag_reconciliation (
  day date primary key,
  compared_at timestamptz not null default now(),
  answers_stored integer not null,
  failures_stored integer not null,
  cost_stored_jpy numeric not null,
  answers_counted double precision,
  failures_counted double precision,
  cost_counted_jpy double precision,
  erased_answers integer not null,
  unwatched_seconds integer not null,
  check (num_nulls(answers_counted, failures_counted, cost_counted_jpy) in (0, 3))
);

comment on table rag_reconciliation is 'What Prometheus counted of a day (Asia/Tokyo), and what was stored. See docs/slo.md.';
comment on column rag_reconciliation.answers_counted is 'Null: Prometheus did not watch for too much of the day.';
comment on column rag_reconciliation.erased_answers is 'Answers of learners who were erased between the day''s beginning and the comparison, of whatever day.';
comment on column rag_reconciliation.unwatched_seconds is 'Of the day, in which Prometheus scraped nothing.';

grant select, insert, update on rag_reconciliation to rag_worker;
grant select on rag_reconciliation to rag_auditor;
grant select (erased_at, counts) on erasure_receipt to rag_worker;

create view reporting.reconciliation as
select
  day, compared_at, answers_stored, failures_stored, cost_stored_jpy, answers_counted, failures_counted, cost_counted_jpy,
  erased_answers, unwatched_seconds
from rag_reconciliation;
grant select on reporting.reconciliation to grafana_reader;

-- Down Migration
drop view if exists reporting.reconciliation;
drop table if exists rag_reconciliation;
revoke select (erased_at, counts) on erasure_receipt from rag_worker;
