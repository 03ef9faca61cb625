-- Up Migration
-- A day's latency histogram in a kilobyte that is added up as it is read, in place of JSON with two hundred keys:
-- big-endian, 4 bytes each: the count of 0 ms, the index of the first bucket, the counts of it and of all up to the last one.
create function rag_latency_counts(histogram bytea) returns table (bucket integer, answers bigint)
language sql immutable parallel safe as $$
  select
    case when place > 0 then
      place - 2 + (get_byte(histogram, 4) << 24) + (get_byte(histogram, 5) << 16)
        + (get_byte(histogram, 6) << 8) + get_byte(histogram, 7)
    end,
    counted
  from generate_series(0, octet_length(histogram) / 4 - 1) as place
  cross join lateral (
    select (get_byte(histogram, 4 * place)::bigint << 24) + (get_byte(histogram, 4 * place + 1) << 16)
      + (get_byte(histogram, 4 * place + 2) << 8) + get_byte(histogram, 4 * place + 3) as counted
  ) as word
  where place <> 1 and counted > 0
$$;
comment on function rag_latency_counts(bytea) is
  'The buckets of rag_metrics_history.latency_histogram that are not empty; bucket null: answers of 0 ms. See docs/rollup.md.';

create function rag_pack_latencies(counts jsonb) returns bytea language plpgsql as $$
declare
  first integer;
  last integer;
  odd text;
begin
  select key || ': ' || value into odd from jsonb_each_text(counts)
  where case when key = 'zero' then false else key::integer not between 0 and 1086 end
    or value::numeric not between 0 and 4294967295;
  if found then
    raise exception 'a latency histogram has a bucket that cannot be packed (%)', odd;
  end if;
  select min(key::integer), max(key::integer) into first, last from jsonb_object_keys(counts - 'zero') as key;
  return (
    select case when counts <> '{}' then
      substring(int8send(coalesce((counts ->> 'zero')::bigint, 0)) from 5) || int4send(coalesce(first, 0))
        || coalesce(string_agg(substring(int8send(coalesce((counts ->> bucket::text)::bigint, 0)) from 5), '' order by bucket), '')
    end
    from generate_series(first, last) as bucket
  );
end $$;

drop view reporting.metrics_history;
alter table rag_metrics_history alter column latency_histogram type bytea using rag_pack_latencies(latency_histogram);
drop function rag_pack_latencies(jsonb);

-- A worker of a release before this one writes JSON, which bytea would take: it is refused, and the day tried again.
alter table rag_metrics_history add constraint rag_metrics_history_latency_histogram_check check (
  octet_length(latency_histogram) >= 8 and octet_length(latency_histogram) % 4 = 0
  and substring(latency_histogram from 5 for 2) = '\x0000'
);

create view reporting.metrics_history as
select
  id, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at
from rag_metrics_history;
grant select on reporting.metrics_history to grafana_reader;

-- Down Migration
drop view if exists reporting.metrics_history;
alter table rag_metrics_history drop constraint if exists rag_metrics_history_latency_histogram_check;

create function rag_unpack_latencies(histogram bytea) returns jsonb language sql as $$
  select jsonb_object_agg(coalesce(bucket::text, 'zero'), answers) from rag_latency_counts(histogram)
$$;
alter table rag_metrics_history alter column latency_histogram type jsonb using rag_unpack_latencies(latency_histogram);
drop function rag_unpack_latencies(bytea), rag_latency_counts(bytea);

create view reporting.metrics_history as
select
  id, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at
from rag_metrics_history;
grant select on reporting.metrics_history to grafana_reader;
