-- Up Migration
-- What a model was paid for besides answers: calls that failed, were retried or aborted, and those of the judge. No user, no text.
create table call_cost (
  id uuid primary key default rag_uuidv7(),
  at timestamptz not null default now(),
  kind text not null check (kind in ('failed', 'retried', 'aborted', 'judge')),
  model varchar(100) not null,
  prompt_tokens integer not null check (prompt_tokens >= 0),
  cached_prompt_tokens integer not null check (cached_prompt_tokens >= 0),
  completion_tokens integer not null check (completion_tokens >= 0),
  -- Null: the model has no price.
  cost_jpy numeric(12, 6) check (cost_jpy >= 0 and cost_jpy <> 'NaN')
);
create index idx_call_cost_at on call_cost (at);
revoke all on call_cost from public;
grant insert on call_cost to rag_recorder, rag_worker;
grant select on call_cost to rag_auditor;

create view reporting.call_costs as
select id, at, kind, model, prompt_tokens, cached_prompt_tokens, completion_tokens, cost_jpy from call_cost;
grant select on reporting.call_costs to grafana_reader;

-- Down Migration
drop view if exists reporting.call_costs;
drop table if exists call_cost;
