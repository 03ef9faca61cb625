/**
 * Computes a day with six queries and distinct sources as an array, as the earlier implementation did. It is the baseline of the
 * benchmark and uses today's definitions, so that both results must be equal.
 */
import type { Pool } from '../../services/postgres/client/connect.ts';
import type { PeriodMetrics } from '../../services/rollup/period-metrics.ts';

type Agreeing =
  | 'citationCount'
  | 'uniqueSourcesCount'
  | 'latencyP50Ms'
  | 'latencyP95Ms'
  | 'latencyP99Ms'
  | 'costPerAnswer'
  | 'totalCost'
  | 'totalQueries'
  | 'uniqueUsers'
  | 'averageTokensPerQuery'
  | 'averageRelevanceScore'
  | 'positiveVotes'
  | 'votes';

const during = 'from ai_dialogue_log where created_at >= $1 and created_at < $2';
const validCitations = `
  from ai_dialogue_log cross join lateral jsonb_array_elements(citations) as citation
  where created_at >= $1 and created_at < $2 and citation -> 'valid' is distinct from 'false'`;

export async function measureBySixQueries(
  pool: Pool,
  { from, to }: { from: Date; to: Date },
): Promise<Pick<PeriodMetrics, Agreeing>> {
  const one = async <Row extends object>(name: string, text: string): Promise<Row> =>
    (await pool.query<Row>({ name, text, values: [from, to] })).rows[0] as Row;

  const citations = await one<Pick<PeriodMetrics, 'citationCount'>>(
    'earlier-citations',
    `select (select avg(citation_rate)::float8 ${during}) as mean, count(*)::integer as "citationCount" ${validCitations}`,
  );
  const { sources } = await one<{ sources: readonly string[] | null }>(
    'earlier-sources',
    `select array_agg(distinct citation ->> 'source') as sources ${validCitations}`,
  );
  const latency = await one<Pick<PeriodMetrics, 'latencyP50Ms' | 'latencyP95Ms' | 'latencyP99Ms'>>(
    'earlier-latency',
    `select
       percentile_cont(0.5) within group (order by latency_ms)::numeric::float8 as "latencyP50Ms",
       percentile_cont(0.95) within group (order by latency_ms)::numeric::float8 as "latencyP95Ms",
       percentile_cont(0.99) within group (order by latency_ms)::numeric::float8 as "latencyP99Ms"
     ${during}`,
  );
  const cost = await one<Pick<PeriodMetrics, 'costPerAnswer' | 'totalCost'>>(
    'earlier-cost',
    `select avg(token_cost_jpy)::float8 as "costPerAnswer", sum(token_cost_jpy)::float8 as "totalCost" ${during}`,
  );
  const volume = await one<Pick<PeriodMetrics, 'totalQueries' | 'uniqueUsers' | 'averageTokensPerQuery'>>(
    'earlier-volume',
    `select
       count(*)::integer as "totalQueries", count(distinct user_id)::integer as "uniqueUsers",
       avg(total_tokens)::float8 as "averageTokensPerQuery"
     ${during}`,
  );
  const quality = await one<Pick<PeriodMetrics, 'averageRelevanceScore' | 'votes' | 'positiveVotes'>>(
    'earlier-quality',
    `select
       avg(relevance_score)::float8 as "averageRelevanceScore",
       count(*) filter (where user_feedback in (-1, 1))::integer as votes,
       count(*) filter (where user_feedback = 1)::integer as "positiveVotes"
     ${during}`,
  );
  return {
    ...{ citationCount: citations.citationCount, uniqueSourcesCount: sources?.length ?? 0 },
    ...latency,
    ...cost,
    ...volume,
    ...quality,
  };
}
