import { expect, test } from 'vitest';
import type { SourceStatus } from '../../provenance/source.ts';
import type { JobStatus } from '../../rollup/job-status.ts';
import type { RetentionReading } from './retention-metrics.ts';
import { serveWorkerMetrics } from './serve-worker-metrics.ts';
import type { SourcesReading } from './source-metrics.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

const status: JobStatus = {
  lastSuccessAt: new Date('2026-03-05T17:00:01.25Z'),
  lastRunAt: new Date('2026-03-06T17:00:03Z'),
  lastDurationSeconds: 2.5,
  rowsWritten: 7,
  consecutiveFailures: 1,
  succeededRuns: 41,
  failedRuns: 3,
};
const never: JobStatus = {
  lastSuccessAt: null,
  lastRunAt: null,
  lastDurationSeconds: null,
  rowsWritten: null,
  consecutiveFailures: 0,
  succeededRuns: 0,
  failedRuns: 0,
};

const retention: RetentionReading = {
  overdueContent: 13,
  overdueDialogues: 17,
  expiredCitations: 29,
  documents: {
    verified: 19,
    hash_mismatch: 2,
    manifest_mismatch: 3,
    manifest_invalid: 5,
    unreachable: 7,
    no_fetcher: 11,
    no_hash: 0,
    never: 23,
    other: 0,
  },
  oldestVerification: new Date('2026-03-01T00:00:00Z'),
  tasks: { content_retention: status, dialogue_retention: never, content_verification: status },
};

const scheduled: SourceStatus = {
  source: 'note',
  name: 'Note',
  module: null,
  capabilities: {},
  config: {},
  metadata: null,
  endpoint: null,
  apiKeyVariable: null,
  allowedHosts: [],
  syncEveryMinutes: 60,
  enabled: true,
  version: '1',
  lastHealthCheck: new Date('2026-03-07T00:00:00Z'),
  healthStatus: 'degraded',
  healthLatencyMs: 37,
  healthError: 'slow',
  changedAt: new Date('2026-03-01T00:00:00Z'),
  sync: {
    startedAt: new Date('2026-03-07T00:00:00Z'),
    finishedAt: null,
    succeededAt: new Date('2026-03-06T20:00:00Z'),
    outcome: 'running',
    error: null,
    counts: { listed: 30, created: 2, replaced: 3, unchanged: 5, removed: 7, failed: 13, skipped: 0, unusable: 0 },
  },
  items: 17,
  failingItems: 11,
};
const sources: SourcesReading = { statuses: [scheduled], now: new Date('2026-03-07T01:00:00Z') };

/** The samples of our own metrics, as a text each. */
function ours(exposition: string): readonly string[] {
  return exposition.split('\n').filter((line) => /^rag_(?!retention|content|relevance|source|stage)/.test(line));
}

test('each scrape exposes the runs as stored in the database', async () => {
  const { scrape, countJudgement } = createWorkerMetrics(async () => ({
    rollup: status,
    retention,
    sources,
    reconciliation: null,
    embeddings: null,
  }));
  countJudgement({ service: 'rag-chat', score: null, seconds: 0.3 });
  await scrape();
  expect(ours(await scrape()).toSorted()).toEqual([
    'rag_judgements_total{state="failed"} 1',
    'rag_judgements_total{state="scored"} 0',
    'rag_rollup_consecutive_failures 1',
    'rag_rollup_last_duration_seconds 2.5',
    'rag_rollup_last_run_timestamp_seconds 1772816403',
    'rag_rollup_last_success_timestamp_seconds 1772730001.25',
    'rag_rollup_rows_written 7',
    'rag_rollup_runs_total{state="failed"} 3',
    'rag_rollup_runs_total{state="succeeded"} 41',
    'rag_worker_database_up 1',
  ]);
});

test('before the first run there is no time of a run, and the counters stand at zero', async () => {
  const { scrape } = createWorkerMetrics(async () => ({
    rollup: never,
    retention,
    sources,
    reconciliation: null,
    embeddings: null,
  }));
  expect(ours(await scrape()).toSorted()).toEqual([
    'rag_judgements_total{state="failed"} 0',
    'rag_judgements_total{state="scored"} 0',
    'rag_rollup_consecutive_failures 0',
    'rag_rollup_runs_total{state="failed"} 0',
    'rag_rollup_runs_total{state="succeeded"} 0',
    'rag_worker_database_up 1',
  ]);
});

test('with the database away a scrape says so, and does not repeat what it knew', async () => {
  let away = false;
  const { scrape } = createWorkerMetrics(async () => {
    if (away) throw new Error('away');
    return { rollup: status, retention, sources, reconciliation: null, embeddings: null };
  });
  await scrape();
  away = true;
  expect(ours(await scrape()).filter((line) => !line.startsWith('rag_judgements'))).toEqual([
    'rag_worker_database_up 0',
  ]);
  away = false;
  expect(await scrape()).toContain('rag_rollup_runs_total{state="succeeded"} 41');
});

test('retention and verification are exposed as stored in the database, and omitted while it is unavailable', async () => {
  let away = false;
  const { scrape } = createWorkerMetrics(async () => {
    if (away) throw new Error('away');
    return { rollup: status, retention, sources, reconciliation: null, embeddings: null };
  });
  const samples = async () => (await scrape()).split('\n').filter((line) => /^rag_(retention|content)/.test(line));
  expect((await samples()).toSorted()).toEqual([
    'rag_content_expired_citations 29',
    'rag_content_oldest_verification_timestamp_seconds 1772323200',
    'rag_content_verification{status="hash_mismatch"} 2',
    'rag_content_verification{status="manifest_invalid"} 5',
    'rag_content_verification{status="manifest_mismatch"} 3',
    'rag_content_verification{status="never"} 23',
    'rag_content_verification{status="no_fetcher"} 11',
    'rag_content_verification{status="no_hash"} 0',
    'rag_content_verification{status="other"} 0',
    'rag_content_verification{status="unreachable"} 7',
    'rag_content_verification{status="verified"} 19',
    'rag_retention_consecutive_failures{task="content_retention"} 1',
    'rag_retention_consecutive_failures{task="content_verification"} 1',
    'rag_retention_consecutive_failures{task="dialogue_retention"} 0',
    'rag_retention_last_run_timestamp_seconds{task="content_retention"} 1772816403',
    'rag_retention_last_run_timestamp_seconds{task="content_verification"} 1772816403',
    'rag_retention_last_success_timestamp_seconds{task="content_retention"} 1772730001.25',
    'rag_retention_last_success_timestamp_seconds{task="content_verification"} 1772730001.25',
    'rag_retention_overdue_dialogues 17',
    'rag_retention_overdue_documents 13',
  ]);
  away = true;
  expect(await samples()).toEqual([]);
});

test('scores of the judge are exposed under the name of all scores, with the same bounds', async () => {
  const { scrape, countJudgement } = createWorkerMetrics(async () => ({
    rollup: status,
    retention,
    sources,
    reconciliation: null,
    embeddings: null,
  }));
  expect(await scrape()).toContain('rag_relevance_score_count{service="rag-chat"} 0');
  countJudgement({ service: 'rag-chat', score: 0.7, seconds: 1.7 });
  countJudgement({ service: 'rag-chat', score: 0.55, seconds: 2.9 });
  countJudgement({ service: 'rag-chat', score: null, seconds: 0.3 });
  const text = await scrape();
  const service = 'service="rag-chat"';
  expect(text).toContain(`rag_relevance_score_sum{${service}} 1.25`);
  expect(text).toContain(`rag_relevance_score_count{${service}} 2`);
  for (const bucket of ['le="0.6",SERVICE} 1', 'le="0.7",SERVICE} 2', 'le="1",SERVICE} 2']) {
    expect(text).toContain(`rag_relevance_score_bucket{${bucket.replace('SERVICE', service)}`);
  }
});

test('the comparison with Prometheus is exposed for the latest day, and unknown values are omitted', async () => {
  let counted: { answers: number; failures: number; cost: number } | null = { answers: 103, failures: 5, cost: 20.5 };
  const latest = () => ({
    day: '2026-03-05',
    counted,
    stored: { answers: 110, failures: 2, cost: 19 },
    erasedAnswers: 0,
    unwatchedSeconds: 60,
  });
  const { scrape } = createWorkerMetrics(async () => ({
    rollup: status,
    retention,
    sources,
    reconciliation: { latest: latest(), task: status },
    embeddings: null,
  }));
  const samples = async () => (await scrape()).split('\n').filter((line) => line.startsWith('rag_reconciliation'));
  const known = [
    'rag_reconciliation_consecutive_failures 1',
    'rag_reconciliation_day_timestamp_seconds 1772636400',
    'rag_reconciliation_stored{what="answers"} 110',
    'rag_reconciliation_stored{what="cost"} 19',
    'rag_reconciliation_stored{what="failures"} 2',
    'rag_reconciliation_unwatched_seconds 60',
  ];
  expect((await samples()).toSorted()).toEqual(
    [
      ...known,
      'rag_reconciliation_difference{what="answers"} -7',
      'rag_reconciliation_difference{what="cost"} 1.5',
      'rag_reconciliation_difference{what="failures"} 3',
    ].sort(),
  );
  counted = null;
  expect((await samples()).toSorted()).toEqual(known);
});

test('metrics are served over HTTP, and nothing else is', async () => {
  const server = await serveWorkerMetrics(
    createWorkerMetrics(async () => ({ rollup: status, retention, sources, reconciliation: null, embeddings: null })),
    { host: '127.0.0.1', port: 0 },
  );
  const address = `http://127.0.0.1:${server.port}`;
  try {
    const response = await fetch(`${address}/metrics?x=1`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('version=0.0.4'),
    ]);
    expect(await response.text()).toContain('process_resident_memory_bytes');
    expect((await fetch(`${address}/`)).status).toBe(404);
    expect((await fetch(`${address}/metrics`, { method: 'POST' })).status).toBe(405);
  } finally {
    await server.close();
  }
});

test('sources are exposed as stored in the database: health, overdue time, result of the last sync', async () => {
  const off = {
    ...scheduled,
    source: 'local',
    enabled: false,
    sync: { ...scheduled.sync, startedAt: null, succeededAt: null },
  };
  const fresh = { ...scheduled, source: 'new', healthStatus: null, healthLatencyMs: null, changedAt: sources.now };
  let reading: SourcesReading = { ...sources, statuses: [scheduled, off] };
  const { scrape } = createWorkerMetrics(async () => ({
    rollup: never,
    retention,
    sources: reading,
    reconciliation: null,
    embeddings: null,
  }));
  const samples = async () => (await scrape()).split('\n').filter((line) => /^rag_source/.test(line));
  expect(await samples()).toEqual([
    'rag_source_health{source="note",status="healthy"} 0',
    'rag_source_health{source="note",status="degraded"} 1',
    'rag_source_health{source="note",status="down"} 0',
    'rag_source_health{source="note",status="never_checked"} 0',
    'rag_source_health_latency_seconds{source="note"} 0.037',
    'rag_source_sync_last_success_timestamp_seconds{source="note"} 1772827200',
    'rag_source_sync_overdue_seconds{source="note"} 14400',
    'rag_source_sync_items{source="note",outcome="created"} 2',
    'rag_source_sync_items{source="note",outcome="replaced"} 3',
    'rag_source_sync_items{source="note",outcome="unchanged"} 5',
    'rag_source_sync_items{source="note",outcome="removed"} 7',
    'rag_source_sync_items{source="note",outcome="failed"} 13',
    'rag_source_items{source="note"} 17',
    'rag_source_items{source="local"} 17',
    'rag_source_failing_items{source="note"} 11',
    'rag_source_failing_items{source="local"} 11',
  ]);
  reading = { ...sources, statuses: [fresh] };
  expect(await samples()).toEqual(
    expect.arrayContaining([
      'rag_source_health{source="new",status="never_checked"} 1',
      'rag_source_sync_overdue_seconds{source="new"} 0',
    ]),
  );
  expect((await samples()).join()).not.toContain('note');
});
