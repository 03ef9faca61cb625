/** Compares the counters in a real Prometheus with the rows that a real service stored. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { makeToken } from '../services/commands/users/token.ts';
import { loadConfig } from '../services/config.ts';
import { reconcileDue } from '../services/jobs/reconcile.ts';
import { readWorker } from '../services/jobs/worker-status.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { countTurns } from '../services/postgres/metrics/reconciliation.ts';
import { addDays, dayOf, startOf } from '../services/rollup/day.ts';
import type { RunResult } from '../services/rollup/leased-run.ts';
import { differences, type Reconciliation } from '../services/rollup/reconciliation.ts';
import { countInPrometheus } from '../services/telemetry/metrics/count-in-prometheus.ts';
import { createQueryPrometheus } from '../services/telemetry/prometheus/query-prometheus.ts';
import { chatProcess } from './faults/chat-process.ts';
import { insertDialogue } from './kit/database/fixtures.ts';
import { testDatabase } from './kit/database/test-database.ts';
import { ingestSampleDocuments } from './kit/programs/chat-service.ts';
import { freePort } from './kit/servers/free-port.ts';
import { startModelServer } from './kit/servers/model-server.ts';
import { noPrometheus, runPrometheus } from './kit/servers/prometheus-server.ts';

vi.setConfig({ testTimeout: 120_000 });
if (noPrometheus !== null) console.warn(`Prometheus and the database are not compared: ${noPrometheus}`);

const db = await testDatabase();
await ingestSampleDocuments(db.url);
// What a remote model may not see is not asked of it.
await db.query('update provenance set external_share_consent = true');
const worker = connect(db.url, { name: 'test-worker', role: 'rag_worker', max: 3 });
afterAll(() => worker.end());
const signal = new AbortController().signal;
const now = () => new Date();
const retry = { retries: 1, minTimeout: 1 };

test.skipIf(noPrometheus)('the counters of a restarted service match its rows, to the answer and the yen', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rag-compared-'));
  const model = await startModelServer();
  const env = {
    DATA_DIR: directory,
    DATABASE_URL: db.url,
    LLM_BASE_URL: model.baseUrl,
    LLM_MODEL: 'gpt-4o-mini',
  };
  const chat = await chatProcess(env);
  const prometheus = await runPrometheus({ targets: [new URL(chat.metricsUrl).host] });
  const query = createQueryPrometheus(prometheus.url, signal);
  const token = await makeToken({ user: randomUUID() }, loadConfig(env), now());
  const ask = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      await fetch(`${chat.origin}/api/ai/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: 'What is RAG?' }),
      });
    }
  };
  const scraped = (outcomes: string, count: number) =>
    expect.poll(() => prometheus.value(`sum(rag_answers_total{outcome=~"${outcomes}"})`)).toBe(count);
  try {
    await expect.poll(() => prometheus.value('up{job="prometheus"}')).toBe(1);
    const from = now();
    await chat.start();
    await scraped('answered|no_answer', 0);
    await ask(3);
    model.behave({ kind: 'status', status: 500 });
    await ask(2);
    await scraped('answered|no_answer', 3);
    await scraped('failed', 2);
    await chat.stop();
    await chat.start();
    model.behave({ kind: 'answer', pieces: ['It looks things up [1].'] });
    await ask(4);
    await scraped('answered|no_answer', 4);
    const period = { from, to: now() };
    const { counts, unwatchedSeconds } = await countInPrometheus(query, period);
    const { stored } = await countTurns(worker, period);
    expect({ ...counts, cost: Number(counts.cost.toFixed(6)) }).toEqual({ ...stored, answers: 7, failures: 2 });
    expect(stored.cost).toBeGreaterThan(0);
    expect(unwatchedSeconds).toBe(0);
    // The result of increase() for the same period.
    const seconds = Math.ceil((period.to.getTime() - from.getTime()) / 1_000);
    const stretched = await prometheus.value(
      `sum(increase(rag_answers_total{outcome=~"answered|no_answer"}[${seconds}s]))`,
    );
    expect(stretched).not.toBe(7);
    // A row without a count.
    await insertDialogue(db, { created_at: from });
    expect((await countTurns(worker, period)).stored.answers).toBe(8);
  } finally {
    await chat.kill();
    await prometheus.stop();
    await model.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

const yesterday = addDays(dayOf(now()), -1);
const midnight = startOf(yesterday).getTime() / 1_000;

type Line = readonly [minute: number, series: string, value: number];

/** The samples of a day, one per minute, with a margin before and after. */
function heldDay(lines: readonly Line[], family: string): string {
  const samples = lines
    .toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([minute, series, value]) => `${series} ${value} ${midnight + minute * 60}`);
  return [`# TYPE ${family} ${family === 'up' ? 'gauge' : 'counter'}`, ...samples].join('\n');
}

const minutes = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test.skipIf(noPrometheus)('the worker reconciles a complete day once and stores the result', async () => {
  await db.query('delete from ai_dialogue_log');
  await db.query('delete from chat_failure');
  const at = (minute: number) => new Date((midnight + minute * 60) * 1_000);
  const user = await insertDialogue(db, { created_at: at(-1) });
  expect(user).not.toBe('');
  // 30 answers at ¥2.5, one of them at the last instant, one unknown to Prometheus, and three failures.
  for (const minute of [...minutes(100, 130), 1_439.99]) {
    await insertDialogue(db, { created_at: at(minute), token_cost_jpy: 2.5 });
  }
  for (const minute of [5, 6, 7]) {
    await db.query(`insert into chat_failure (at, stage, failure) values ($1, 'generate', 'internal')`, [at(minute)]);
  }
  // Rows from before the adoption do not count.
  await insertDialogue(db, { created_at: at(50), citations: null });

  const answered = 'rag_answers_total{outcome="answered",model="m",cited="true",instance="a"}';
  const other = 'rag_answers_total{outcome="no_answer",model="m",cited="false",instance="b"}';
  const failed = 'rag_answers_total{outcome="failed",model="none",cited="false",instance="a"}';
  const aborted = 'rag_answers_total{outcome="aborted",model="none",cited="false",instance="a"}';
  const answers: Line[] = minutes(-10, 1_450).flatMap((minute): Line[] => [
    // 1,000 from earlier days, then 20 more, then a restart at noon and 8 more.
    [minute, answered, minute < 700 ? 1_000 + Math.max(0, Math.min(20, minute - 100)) : Math.min(8, minute - 700)],
    [minute, failed, minute < 700 ? 41 + Math.max(0, Math.min(3, minute - 4)) : 0],
    [minute, aborted, minute < 700 ? minute + 10 : 0],
    // A second server whose series begins at its second answer.
    ...(minute >= 900 ? [[minute, other, 2] as const] : []),
  ]);
  const cost: Line[] = minutes(-10, 1_450).map((minute) => [
    minute,
    'rag_cost_jpy_total{model="m",kind="answer",instance="a"}',
    minute < 30 ? 10 : 87.5,
  ]);
  const up: Line[] = minutes(-10, 1_450).map((minute) => [minute, 'up{job="prometheus",instance="p"}', 1]);
  const prometheus = await runPrometheus({
    openMetrics: `${heldDay(answers, 'rag_answers')}\n${heldDay(cost, 'rag_cost_jpy')}\n${heldDay(up, 'up')}\n# EOF\n`,
  });
  const results: RunResult<Reconciliation>[] = [];
  const onDay = (result: RunResult<Reconciliation>) => results.push(result);
  const deps = { pool: worker, retry, now };
  const unreachable = `http://127.0.0.1:${await freePort()}`;
  try {
    await reconcileDue(deps, { prometheusUrl: unreachable, signal, onDay });
    expect(results).toEqual([
      { day: yesterday, state: 'failed', attempts: 2, error: expect.stringMatching(/does not answer.*ECONNREFUSED/) },
    ]);
    const config = loadConfig({ PROMETHEUS_URL: unreachable });
    const failing = (await readWorker(worker, now(), config)).reconciliation;
    expect(failing).toMatchObject({ latest: null, task: { consecutiveFailures: 1 } });

    await reconcileDue(deps, { prometheusUrl: prometheus.url, signal, onDay });
    await reconcileDue(deps, { prometheusUrl: prometheus.url, signal, onDay });
    expect(results).toHaveLength(2);
    const { latest, task } = (await readWorker(worker, now(), config)).reconciliation ?? {};
    expect(latest).toEqual({
      day: yesterday,
      counted: { answers: 30, failures: 3, cost: 77.5 },
      stored: { answers: 31, failures: 3, cost: 77.5 },
      erasedAnswers: 0,
      unwatchedSeconds: 0,
    });
    expect(latest && differences(latest)).toEqual({ answers: -1, failures: 0, cost: 0 });
    expect(task?.consecutiveFailures).toBe(0);
    const config2 = loadConfig({});
    expect((await readWorker(worker, now(), config2)).reconciliation).toBeNull();
  } finally {
    await prometheus.stop();
  }
});

test.skipIf(noPrometheus)('a day that Prometheus did not scrape is recorded as such, and is no gap', async () => {
  await db.query('delete from rag_reconciliation');
  await db.query(`delete from job_run`);
  // Scraping began at 01:05, when the service had been running for long.
  const seen = minutes(66, 1_450);
  const up: Line[] = seen.map((minute) => [minute, 'up{job="prometheus",instance="p"}', 1]);
  const answered: Line[] = seen.map((minute) => [minute, 'rag_answers_total{outcome="answered"}', 5_000]);
  const prometheus = await runPrometheus({
    openMetrics: `${heldDay(answered, 'rag_answers')}\n${heldDay(up, 'up')}\n# EOF\n`,
  });
  try {
    const period = { from: startOf(yesterday), to: startOf(addDays(yesterday, 1)) };
    const counted = await countInPrometheus(createQueryPrometheus(prometheus.url, signal), period);
    expect(counted).toEqual({ counts: { answers: 0, failures: 0, cost: 0 }, unwatchedSeconds: 65 * 60 });
    const results: RunResult<Reconciliation>[] = [];
    await reconcileDue(
      { pool: worker, retry, now },
      { prometheusUrl: prometheus.url, signal, onDay: (result) => results.push(result) },
    );
    expect(results).toEqual([expect.objectContaining({ state: 'succeeded' })]);
    expect(await db.query('select answers_counted, unwatched_seconds from rag_reconciliation')).toEqual([
      { answers_counted: null, unwatched_seconds: 3_900 },
    ]);
  } finally {
    await prometheus.stop();
  }
});

test.skipIf(noPrometheus)(
  'only the own deployment is counted, and copies of two Prometheus servers count once',
  async () => {
    const day = minutes(-10, 1_450);
    const up = day.map((minute): Line => [minute, 'up{job="prometheus",env="production"}', 1]);
    const answered = (labels: string) => `rag_answers_total{outcome="answered",${labels}}`;
    const answers = day.flatMap((minute): Line[] => [
      [minute, answered('env="production",prometheus_replica="a"'), Math.max(0, Math.min(37, minute))],
      // This server was down for a while and has seen fewer.
      ...(minute < 0 || minute > 20
        ? [[minute, answered('env="production",prometheus_replica="b"'), Math.max(0, Math.min(37, minute))] as const]
        : []),
      [minute, answered('env="staging"'), Math.max(0, Math.min(500, minute))],
    ]);
    const prometheus = await runPrometheus({
      openMetrics: `${heldDay(answers, 'rag_answers')}\n${heldDay(up, 'up')}\n# EOF\n`,
    });
    try {
      const period = { from: startOf(yesterday), to: startOf(addDays(yesterday, 1)) };
      const { counts } = await countInPrometheus(createQueryPrometheus(prometheus.url, signal), period, {
        env: 'production',
      });
      expect(counts.answers).toBe(37);
    } finally {
      await prometheus.stop();
    }
  },
);
