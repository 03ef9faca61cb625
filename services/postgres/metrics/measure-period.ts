/** Calculates all metrics of a period's answers in one statement. */
import type { ClientBase, Pool } from 'pg';
import { answerMetrics } from '../../catalogue/answer-metrics.ts';
import { bucketGrowth } from '../../rollup/latency-histogram.ts';
import type { PeriodMetrics } from '../../rollup/period-metrics.ts';

/**
 * Reads by the index on created_at and counts distinct values by hashing: 10,000 answers take about 0.1 s.
 * @param from the first instant of the period
 * @param to the first instant after it
 * @param service null: all services together
 */
export async function measurePeriod(
  db: Pool | ClientBase,
  { from, to, service = null }: { from: Date; to: Date; service?: string | null },
): Promise<PeriodMetrics> {
  const { rows } = await db.query<PeriodMetrics>({
    name: service === null ? 'measure-period' : 'measure-period-of-service',
    text: statement(service === null ? '' : 'and service = $5'),
    values: [
      from,
      to,
      bucketGrowth,
      answerMetrics.citations.labels.source_type,
      ...(service === null ? [] : [service]),
    ],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('an aggregate query returned no row');
  return row;
}

/** The services that have answers or failures in a period, sorted. While only the built-in one exists, no row is read. */
export async function servicesOfPeriod(
  db: Pool | ClientBase,
  { from, to }: { from: Date; to: Date },
): Promise<readonly string[]> {
  const { rows } = await db.query<{ service: string }>({
    name: 'services-of-period',
    text: `
      with others as materialized (select exists (select from rag_service where name <> 'rag-chat') as exist)
      select service from ai_dialogue_log where created_at >= $1 and created_at < $2 and (select exist from others)
      union
      select service from chat_failure where at >= $1 and at < $2 and (select exist from others)
      union
      select 'rag-chat' where not (select exist from others)
      order by 1`,
    values: [from, to],
  });
  return rows.map(({ service }) => service);
}

function statement(ofService: '' | 'and service = $5'): string {
  return `
      -- Two passes over the rows: one for the narrow columns, which fit in memory, one for the citations.
      with answer as materialized (
        select
          user_id, outcome, latency_ms, token_cost_jpy, total_tokens, relevance_score, user_feedback,
          -- Answers whose claims could not be judged count neither as cited nor as uncited.
          citations is not null and not (citation_rate is null and citations @> '[{"valid": null}]') as citations_judged
        from ai_dialogue_log
        where created_at >= $1 and created_at < $2 and outcome <> 'chitchat' ${ofService}
      ),
      citation as materialized (
        select id, outcome, cited.citation ->> 'source' as source, cited.citation ->> 'sourceType' as type
        from ai_dialogue_log
        cross join lateral jsonb_array_elements(
          case when jsonb_typeof(citations) = 'array' then citations end
        ) as cited (citation)
        -- Rows written by other programs have no \`valid\`: they count as valid.
        where created_at >= $1 and created_at < $2 ${ofService}
          and jsonb_typeof(cited.citation) = 'object' and coalesce(cited.citation -> 'valid', 'true') = 'true'
      ),
      answers as (
        select
          count(*)::integer as "totalQueries",
          -- In rows from before the adoption the citations are unknown, which differs from having none.
          count(*) filter (where outcome = 'answered' and citations_judged) as answered,
          count(*) filter (where outcome = 'no_answer')::integer as "noAnswerCount",
          percentile_cont(array[0.5, 0.95, 0.99]) within group (order by latency_ms) as latency,
          count(token_cost_jpy)::integer as "pricedCount",
          avg(token_cost_jpy)::float8 as "costPerAnswer",
          sum(token_cost_jpy)::float8 as "totalCost",
          avg(total_tokens)::float8 as "averageTokensPerQuery",
          avg(relevance_score)::float8 as "averageRelevanceScore",
          count(*) filter (where user_feedback in (-1, 1))::integer as votes,
          count(*) filter (where user_feedback = 1)::integer as "positiveVotes"
        from answer
      ),
      bucket as (
        select
          case when latency_ms = 0 then 'zero' else ceil(ln(latency_ms::float8) / ln($3::float8))::integer::text end as name,
          count(*) as answers
        from answer
        where latency_ms is not null
        group by 1
      )
      select
        "totalQueries",
        "noAnswerCount",
        -- A caller may have received a failure although the commit succeeded: a stored turn counts as answered.
        (
          select count(*)::integer from chat_failure
          where at >= $1 and at < $2 and failure <> 'cancelled' ${ofService}
            and not exists (select from ai_dialogue_log where ai_dialogue_log.id = chat_failure.id)
        ) as "failedQueries",
        (select count(*)::integer from (
          -- Turns that name no user are not one user.
          select distinct user_id from answer
          where user_id not in (select anonymous_id from rag_service where anonymous_id is not null)
        ) as distinct_user) as "uniqueUsers",
        cited.answers as "citedCount",
        (100.0 * cited.answers / nullif(answered, 0))::float8 as "citationRate",
        (select count(*)::integer from citation) as "citationCount",
        (
          select coalesce(jsonb_object_agg(kind, citations), '{}')
          from (
            select case when type = any ($4) then type else 'other' end as kind, count(*) as citations from citation group by 1
          ) as by_kind
        ) as "citationsByType",
        (select count(*)::integer from (select distinct source from citation where source is not null) as s) as "uniqueSourcesCount",
        -- numeric keeps 15 digits of a float8, which drops the interpolation error in the 16th.
        latency[1]::numeric::float8 as "latencyP50Ms",
        latency[2]::numeric::float8 as "latencyP95Ms",
        latency[3]::numeric::float8 as "latencyP99Ms",
        (select jsonb_object_agg(name, bucket.answers) from bucket) as "latencyHistogram",
        "pricedCount",
        "costPerAnswer",
        "totalCost",
        "averageTokensPerQuery",
        "averageRelevanceScore",
        votes,
        "positiveVotes",
        (100.0 * "positiveVotes" / nullif(votes, 0))::float8 as "positiveVotesRate"
      from answers
      cross join (
        select count(*)::integer as answers from (select distinct id from citation where outcome = 'answered') as cited_answer
      ) as cited`;
}
