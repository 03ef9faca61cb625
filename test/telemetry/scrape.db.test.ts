/** The metrics of a server after a few questions, without a Collector. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Metric } from '../../services/catalogue/metric.ts';
import { metrics } from '../../services/catalogue/metrics.ts';
import { probeMetrics } from '../../services/catalogue/probe-metrics.ts';
import { reconciliationMetrics } from '../../services/catalogue/reconciliation-metrics.ts';
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { scoreMetrics } from '../../services/catalogue/score-metrics.ts';
import { sourceMetrics } from '../../services/catalogue/source-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import type { Turn } from '../../services/chat/turn.ts';
import { answeredTurn } from '../kit/data/answered-turn.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { type MinimalServer, runMinimalServer } from './run-minimal-server.ts';

const db = await testDatabase();
let server: MinimalServer;
let before: string;
let reply: Record<string, string>;
let after: string;

beforeAll(async () => {
  // Nothing may be exported without an endpoint; the short intervals would show it soon.
  server = await runMinimalServer(db.url, { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_METRIC_EXPORT_INTERVAL: '20' });
  before = await server.scrape();
  reply = await server.post('/ask/something', { query: 'what is himitsu_7f3a?' });
  await server.post('/ask/something', { query: 'unavailable himitsu_7f3a' });
  await server.get('/healthz');
  for (const vote of [1, 1, -1]) await server.post('/vote', { vote });
  for (const turn of turns()) await server.post('/turn', turn);
  after = await server.scrape();
});

/** Three more answers, a "not found", and a client that disconnected. */
function turns(): Turn[] {
  const [citation] = answeredTurn().citations;
  if (citation === undefined) throw new Error('no citation');
  const invalid = { ...citation, valid: false, sourceType: 'web' as const };
  const { outcome: _outcome, ...who } = answeredTurn();
  return [
    answeredTurn({ model: 'other-11', latencyMs: 3000, costJpy: 2.5, relevanceScore: 0.7, timeToFirstTokenMs: 700 }),
    answeredTurn({ model: 'other-11', latencyMs: 3001, costJpy: null, relevanceScore: null, citations: [invalid] }),
    answeredTurn({ model: 'other-11', latencyMs: 3501, costJpy: 0, citations: [citation, invalid] }),
    answeredTurn({ outcome: 'no_answer', citations: [], latencyMs: 9, costJpy: 0.125, withheld: 4 }),
    { ...who, outcome: 'aborted', failure: { stage: 'generate', code: 'cancelled' }, latencyMs: 60_000, model: null },
  ];
}

afterAll(async () => {
  await server.end();
});

test('counters exist at zero before the first question, so that rate() sees the first event', () => {
  expect(value(before, 'rag_answers_total{service="rag-chat",outcome="answered",model="model-7",cited="true"}')).toBe(
    0,
  );
  expect(value(before, 'rag_answers_total{service="rag-chat",outcome="failed",model="none",cited="false"}')).toBe(0);
  expect(value(before, 'rag_unpriced_answers_total{service="rag-chat",model="model-7"}')).toBe(0);
  expect(value(before, 'rag_failures_total{service="rag-chat",stage="record",failure="database_unavailable"}')).toBe(0);
  expect(value(before, 'rag_feedback_total{service="rag-chat",vote="down"}')).toBe(0);
  expect(value(before, 'rag_records_total{state="rejected"}')).toBe(0);
});

test('a model that is unknown at startup has all its series after its first answer', () => {
  expect(
    value(before, 'rag_answers_total{service="rag-chat",outcome="failed",model="other-11",cited="false"}'),
  ).toBeUndefined();
  expect(value(after, 'rag_answers_total{service="rag-chat",outcome="failed",model="other-11",cited="false"}')).toBe(0);
});

test('the timestamp of prices is the day of their last update', () => {
  expect(value(before, 'rag_prices_as_of_timestamp_seconds{file="price book"}')).toBe(Date.UTC(2026, 0, 3) / 1000);
  expect(value(before, 'rag_prices_as_of_timestamp_seconds{file="exchange rates"}')).toBe(Date.UTC(2026, 0, 5) / 1000);
});

test('answers are counted by outcome, model and whether a citation was valid', () => {
  expect(value(after, 'rag_answers_total{service="rag-chat",outcome="answered",model="other-11",cited="true"}')).toBe(
    2,
  );
  expect(value(after, 'rag_answers_total{service="rag-chat",outcome="answered",model="other-11",cited="false"}')).toBe(
    1,
  );
  expect(value(after, 'rag_answers_total{service="rag-chat",outcome="answered",model="model-7",cited="true"}')).toBe(1);
  expect(
    value(after, 'rag_answers_total{service="rag-chat",outcome="no_answer",model="extractive",cited="false"}'),
  ).toBe(1);
  expect(value(after, 'rag_answers_total{service="rag-chat",outcome="failed",model="none",cited="false"}')).toBe(1);
  expect(value(after, 'rag_answers_total{service="rag-chat",outcome="aborted",model="none",cited="false"}')).toBe(1);
  expect(value(after, 'rag_failures_total{service="rag-chat",stage="generate",failure="model_unavailable"}')).toBe(1);
  expect(value(after, 'rag_failures_total{service="rag-chat",stage="generate",failure="cancelled"}')).toBe(1);
});

test('latency counts answers only, and its thresholds are exact bounds', () => {
  expect(value(after, 'rag_answer_duration_seconds_count{service="rag-chat"}')).toBe(5);
  expect(value(after, 'rag_answer_duration_seconds_bucket{service="rag-chat",le="3"}')).toBe(3);
  expect(value(after, 'rag_answer_duration_seconds_bucket{service="rag-chat",le="3.5"}')).toBe(4);
  expect(value(after, 'rag_answer_duration_seconds_bucket{service="rag-chat",le="5"}')).toBe(5);
  expect(after).toContain('rag_answer_duration_seconds_bucket{service="rag-chat",le="1.5"}');
});

test('an unpriced answer is counted separately and adds no cost; a free one has the price 0', () => {
  expect(value(after, 'rag_cost_jpy_total{service="rag-chat",model="other-11",kind="answer"}')).toBe(2.5);
  expect(value(after, 'rag_priced_answers_total{service="rag-chat",model="other-11"}')).toBe(2);
  expect(value(after, 'rag_unpriced_answers_total{service="rag-chat",model="other-11"}')).toBe(1);
  expect(value(after, 'rag_cost_jpy_total{service="rag-chat",model="extractive",kind="answer"}')).toBe(0.125);
});

test('citations, relevance, votes, tokens, records and withheld passages are counted', () => {
  expect(value(after, 'rag_citations_total{service="rag-chat",source_type="material",valid="true"}')).toBe(3);
  expect(value(after, 'rag_citations_total{service="rag-chat",source_type="web",valid="false"}')).toBe(2);
  expect(value(after, 'rag_relevance_score_count{service="rag-chat"}')).toBe(4);
  expect(value(after, 'rag_relevance_score_bucket{service="rag-chat",le="0.7"}')).toBe(1);
  expect(value(after, 'rag_feedback_total{service="rag-chat",vote="up"}')).toBe(2);
  expect(value(after, 'rag_feedback_total{service="rag-chat",vote="down"}')).toBe(1);
  expect(value(after, 'rag_withheld_passages_total{service="rag-chat"}')).toBe(3 + 2 * 3 + 4);
  expect(value(after, 'rag_records_total{state="stored"}')).toBe(1);
  expect(value(after, 'rag_records_pending')).toBe(0);
  expect(value(after, 'rag_time_to_first_token_seconds_count{service="rag-chat",model="other-11"}')).toBe(1);
  expect(value(after, 'rag_stage_duration_seconds_count{service="rag-chat",stage="generate",result="ok"}')).toBe(1);
  expect(value(after, 'rag_stage_duration_seconds_count{service="rag-chat",stage="generate",result="failed"}')).toBe(1);
  expect(value(after, 'rag_retrieval_duration_seconds_count{service="rag-chat",source="corpus"}')).toBe(2);
  expect(after).toMatch(
    /^gen_ai_client_inference_usage_input_tokens_total\{.*gen_ai_response_model="model-7"\} 1009$/m,
  );
  expect(after).toMatch(/^gen_ai_client_inference_duration_count\{.*error_type="model_unavailable"\} 1$/m);
});

test('the chat server exposes every metric that the catalogue lists for it, with its type', () => {
  const workers = Object.values<object>({
    ...workerMetrics,
    ...retentionMetrics,
    ...reconciliationMetrics,
    ...sourceMetrics,
    ...scoreMetrics,
    ...probeMetrics,
  });
  const owed = Object.values(metrics).filter((metric) => !workers.includes(metric));
  const types = new Map([...after.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  expect(owed.map(({ name }) => [name, types.get(name)])).toEqual(owed.map(({ name, kind }) => [name, kind]));
});

test('series have the labels of the catalogue, with listed values where the list is closed', () => {
  const listed = new Map<string, Metric>(Object.values<Metric>(metrics).map((metric) => [metric.name, metric]));
  const series = [...after.matchAll(/^(rag_\w+?|gen_ai_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? \S+$/gm)];
  expect(series.length).toBeGreaterThan(100);
  for (const [line, name = '', inside = ''] of series) {
    const labels = listed.get(name)?.labels ?? {};
    for (const [, label = '', value = ''] of inside.matchAll(/(\w+)="([^"]*)"/g)) {
      if (label === 'le') continue;
      const values = labels[label];
      expect(values === 'open' || values?.includes(value), line).toBe(true);
    }
  }
});

test('requests are counted by route, without probes and scrapes', () => {
  const routes = [...after.matchAll(/^http_server_request_duration_count\{.*http_route="([^"]*)"/gm)].map(([, r]) => r);
  expect([...new Set(routes)].sort()).toEqual(['/ask/:what', '/turn', '/vote']);
});

test('statements are counted by their first word, on any line', () => {
  const words = [...after.matchAll(/^db_client_operation_duration_count\{.*db_operation_name="([^"]*)"/gm)].map(
    ([, w]) => w,
  );
  expect(words).toEqual(['SELECT']);
});

test('metrics contain no text, no command line and no library versions', () => {
  for (const word of ['himitsu', 'something', 'target_info', 'otel_scope', '--import'])
    expect(after).not.toContain(word);
});

test('promtool accepts the metrics', ({ skip }) => {
  const ours = after.split(/(?=^# HELP )/m).filter((family) => /^# HELP rag_/.test(family));
  const { error, status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: ours.join('') });
  if (error !== undefined) skip('promtool is not installed (Debian: apt-get install prometheus)');
  expect([String(stderr), status]).toEqual(['', 0]);
});

test('without a Collector every reply has a trace id, and nothing is exported', async () => {
  expect(reply.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  const { strangers, stderr, stdout } = await server.end();
  expect([strangers, stderr]).toEqual([[], '']);
  expect(stdout).toContain(`"trace_id":"${reply.traceId}"`);
});

function value(exposition: string, series: string): number | undefined {
  const line = exposition.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
