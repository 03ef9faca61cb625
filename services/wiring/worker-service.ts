/** Assembles the worker: its schedules, its metrics and its shutdown. */

import { randomUUID } from 'node:crypto';
import { Cron } from 'croner';
import type { Config } from '../config.ts';
import { ServiceFailure } from '../failure/service-failure.ts';
import { embedPassages } from '../jobs/embed-passages.ts';
import { createJudgeAnswers } from '../jobs/judge-answers.ts';
import { createRollDay } from '../jobs/leased-job.ts';
import { createProbe } from '../jobs/probe.ts';
import { logReconciliation, reconcileDue } from '../jobs/reconcile.ts';
import { deleteOldDialoguesToday, removeExpiredContentToday, verifyContentToday } from '../jobs/retention.ts';
import { checkSources, createSyncRounds, deleteOldSyncs } from '../jobs/sync-schedule.ts';
import { validateScores } from '../jobs/validate-scores.ts';
import { readWorker } from '../jobs/worker-status.ts';
import { isRefusedRequest } from '../llm/embeddings/scoring-client.ts';
import { createJudge } from '../llm/judge.ts';
import { loadPrice } from '../llm/load-prices.ts';
import { describeJobError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import { requireSameClock } from '../postgres/client/clock.ts';
import { connect } from '../postgres/client/connect.ts';
import { insertCallCost } from '../postgres/dialogues/call-costs.ts';
import { deleteOldIdempotencyKeys } from '../postgres/dialogues/idempotency-keys.ts';
import { claimJudgeCandidates, writeRelevance } from '../postgres/dialogues/judgements.ts';
import { countEmbeddingsOf } from '../postgres/embeddings/vectors.ts';
import { deleteOldErasureFences } from '../postgres/erasure/fences.ts';
import { deleteOldFeedback } from '../postgres/intake/feedback.ts';
import { readRollupGaps } from '../postgres/metrics/rollup-gaps.ts';
import { judgeVersion } from '../quality/judge-rubric.ts';
import type { Retry, RunResult } from '../rollup/leased-run.ts';
import { verdict } from '../rollup/period-metrics.ts';
import type { Reconciliation } from '../rollup/reconciliation.ts';
import type { DayResult } from '../rollup/run.ts';
import { createDueRuns } from '../rollup/run-due.ts';
import { schedules, timeZone } from '../rollup/schedule.ts';
import { orListenError } from '../runtime/listen-error.ts';
import { builtInService } from '../slo/deployment.ts';
import { useDocumentServer } from '../sources/readers/document-server.ts';
import { serveWorkerMetrics } from '../telemetry/metrics/serve-worker-metrics.ts';
import { createWorkerMetrics } from '../telemetry/metrics/worker-metrics.ts';
import { createScoreTrust } from './score-trust.ts';
import { embeddingJobServer } from './semantic-search.ts';

/** 1, 3, 9, 27 and 60 seconds: longer than a failover. */
const retry: Retry = { retries: 5, minTimeout: 1_000, factor: 3, maxTimeout: 60_000, randomize: true };
/** Older answers stay unjudged. */
const judgeMaxAgeMs = 48 * 3_600_000;
const judgeAttempts = 3;
const judgeClaimMs = 600_000;
/** Clients retry a question within a day. */
const idempotencyMs = 24 * 3_600_000;
/** A turn that arrives later than its vote by more than this has none. */
const earlyFeedbackMs = 7 * 24 * 3_600_000;
/** Longer than any question takes, so the fence of an abandoned erasure can go. */
const abandonedErasureMs = 24 * 3_600_000;
/** Rolling up a day of 100,000 answers takes seconds on a slow disk. */
const statementTimeoutMs = 120_000;
/** Below Prometheus's scrape timeout of ten seconds: the scrape reports a database outage instead of failing. */
const scrapeTimeoutMs = 3_000;

type WorkerService = {
  readonly metricsPort: number;
  /** Ends the running jobs: a day being written is finished, other leases are released. */
  readonly close: () => Promise<void>;
};

/** @throws {ListenError} */
export async function startWorker(config: Config, databaseUrl: string, log: Log): Promise<WorkerService> {
  useDocumentServer(config.documentServer);
  const now = () => new Date();
  const onIdleError = (error: Error) => log.warn({ err: error }, 'idle database connection lost');
  const pool = connect(databaseUrl, {
    name: 'rag-worker',
    role: 'rag_worker',
    max: 5,
    statementTimeoutMs,
    onIdleError,
  });
  const scrapePool = connect(databaseUrl, {
    name: 'rag-worker-metrics',
    role: 'rag_worker',
    max: 1,
    statementTimeoutMs: scrapeTimeoutMs,
    onIdleError,
  });
  const endPools = () => Promise.all([pool.end(), scrapePool.end()]);
  const metrics = createWorkerMetrics(() => readWorker(scrapePool, now(), config));
  const { metricsHost: host, workerMetricsPort: port } = config;
  const address = { host, port, hostVariable: 'METRICS_HOST', portVariable: 'WORKER_METRICS_PORT' };
  const server = await orListenError(address, serveWorkerMetrics(metrics, { host, port })).catch(async (error) => {
    await endPools();
    throw error;
  });

  const due = createDueRuns({
    readGaps: (yesterday) => readRollupGaps(pool, yesterday),
    rollDay: createRollDay(pool, retry),
    now,
    newRunId: randomUUID,
    retry,
    onDay: (result) => logDay(log, result),
    onUnavailable: (error) => log.warn({ reason: describeJobError(error) }, 'rollup delayed: database unavailable'),
  });
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  function begin(job: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const done = work(stopping.signal)
      .then(
        () => {},
        (error: unknown) => log.error({ job, reason: describeJobError(error) }, 'job failed'),
      )
      .finally(() => running.delete(done));
    running.add(done);
    return done;
  }

  const schedule = (pattern: string, job: string, work: (signal: AbortSignal) => Promise<unknown>) =>
    new Cron(pattern, { timezone: timeZone, protect: true }, () => begin(job, work));
  const scheduleDeletion: typeof schedule = (pattern, job, work) =>
    schedule(pattern, job, async (signal) => {
      await requireSameClock(pool, now);
      return work(signal);
    });
  const crons = [
    schedule(schedules.nightly, 'rollup', due.nightly),
    schedule(schedules.catchUp, 'rollup catch-up', due.catchUp),
    scheduleDeletion(schedules.tidy, 'erasure fences', () =>
      deleteOldErasureFences(pool, {
        doneBefore: new Date(now().getTime() - config.erasureReplayMs),
        abandonedBefore: new Date(now().getTime() - abandonedErasureMs),
      }),
    ),
    scheduleDeletion(schedules.tidy, 'idempotency keys', () =>
      deleteOldIdempotencyKeys(pool, new Date(now().getTime() - idempotencyMs)),
    ),
    schedule(schedules.tidy, 'early feedback', () =>
      deleteOldFeedback(pool, new Date(now().getTime() - earlyFeedbackMs)),
    ),
  ];
  const retention = { pool, log, retry, now };
  const { dialogueRetentionDays } = config;
  const contentRetention = (signal: AbortSignal) => removeExpiredContentToday(retention, signal);
  crons.push(scheduleDeletion(schedules.retention, 'content retention', contentRetention));
  crons.push(
    schedule(schedules.verification, 'content verification', (signal) => verifyContentToday(retention, signal)),
  );
  if (dialogueRetentionDays !== undefined) {
    const dialogueRetention = (signal: AbortSignal) =>
      deleteOldDialoguesToday(retention, dialogueRetentionDays, signal);
    crons.push(scheduleDeletion(schedules.retention, 'dialogue retention', dialogueRetention));
  }
  const { readKey, commercialUse } = config;
  const sources = { pool, log, retry, now, readKey, commercialUse, privateDirectories: [config.dataDir] };
  crons.push(schedule(schedules.sourceSync, 'source syncs', createSyncRounds(sources, begin)));
  crons.push(schedule(schedules.tidy, 'old sync runs', (signal) => deleteOldSyncs(sources, signal)));
  crons.push(schedule(schedules.sourceHealth, 'source health', (signal) => checkSources(sources, signal)));
  const { prometheusUrl, prometheusLabels: labels } = config;
  if (prometheusUrl !== undefined) {
    const onDay = (result: RunResult<Reconciliation>) => logReconciliation(log, result);
    const reconcile = (signal: AbortSignal) =>
      reconcileDue({ pool, retry, now }, { prometheusUrl, labels, signal, onDay });
    crons.push(schedule(schedules.reconciliation, 'reconciliation', reconcile));
  }
  crons.push(schedule(schedules.scoreValidation, 'score validation', () => validateScores(pool, now())));
  const scoreTrust = createScoreTrust(pool, (error) =>
    log.warn({ reason: describeJobError(error) }, 'could not read what votes say about the scores'),
  );
  const { embeddings } = config;
  if (embeddings !== null) {
    crons.push(schedule(schedules.embeddings, 'embeddings', (signal) => embedNewPassages(embeddings, signal)));
    // Notices that another model answers under the configured name, and removes replaced models.
    crons.push(schedule(schedules.tidy, 'embeddings', (signal) => embedNow(embeddings, signal)));
    begin('embeddings', (signal) => embedNow(embeddings, signal));
  }
  if (config.probe !== null) {
    const probe = createProbe(config.probe, () => performance.now());
    metrics.startProbe();
    crons.push(
      schedule(schedules.probe, 'probe', async (signal) => {
        const { result, seconds, reason } = await probe(signal);
        if (signal.aborted) return;
        metrics.countProbe(result);
        if (result !== 'ok') log.warn({ result, seconds, reason }, 'the probe found no cited answer');
      }),
    );
  }
  if (config.model !== null) crons.push(schedule(schedules.judge, 'judge', judgeAnswers(config.model)));
  begin('rollup catch-up', due.catchUp);

  /** Without a passage to embed there is no run, so that the ledger has no row for each minute. */
  async function embedNewPassages(server: NonNullable<Config['embeddings']>, signal: AbortSignal): Promise<void> {
    const { pending } = await countEmbeddingsOf(pool, server);
    if (pending > 0) await embedNow(server, signal);
  }

  async function embedNow(server: NonNullable<Config['embeddings']>, signal: AbortSignal): Promise<void> {
    const options = { runId: randomUUID(), signal, isRefusal: isRefusedRequest };
    const result = await embedPassages(pool, embeddingJobServer(server), { retry, now }, options);
    if (result.state === 'failed') log.error({ reason: result.error }, 'passages could not be embedded');
    if (result.state === 'succeeded' && result.outcome.embedded > 0)
      log.info({ ...result.outcome, model: server.model }, 'passages embedded');
  }

  function judgeAnswers(model: NonNullable<Config['model']>) {
    const price = loadPrice(config);
    const version = judgeVersion(model.name);
    const isShown = () => scoreTrust.trust('judge', version).isShown;
    return createJudgeAnswers({
      claim: async () => {
        const [candidate] = await claimJudgeCandidates(pool, {
          sampleRate: config.judgeSampleRate,
          since: new Date(now().getTime() - judgeMaxAgeMs),
          limit: 1,
          maxAttempts: judgeAttempts,
          claimMs: judgeClaimMs,
        });
        return candidate ?? null;
      },
      judge: createJudge(model, {
        onUsage: (call) => {
          const at = now();
          const costJpy = price(call.model, call.usage, at);
          const { model: name, usage } = call;
          if (usage !== null)
            begin('cost of a judgement', () =>
              insertCallCost(pool, { at, kind: 'judge', model: name, usage, costJpy }),
            );
          if (costJpy !== null) metrics.countJudgeCost(builtInService, call.model.slice(0, 100), costJpy);
        },
        onRefusedParameter: (parameter) =>
          log.warn(
            { parameter, model: model.name },
            'the judge refuses a request parameter: requests omit it for an hour',
          ),
      }),
      write: (id, value) => writeRelevance(pool, id, { value, version }, isShown()),
      count: (judgement) => metrics.countJudgement({ service: builtInService, isShown: isShown(), ...judgement }),
      onFailure: (dialogueId, error) =>
        log.warn({ dialogueId, reason: describeJobError(error) }, 'could not judge an answer'),
      isOutage: (error) => !(error instanceof ServiceFailure && error.code === 'model_protocol'),
      clock: () => performance.now(),
    });
  }

  return {
    metricsPort: server.port,
    async close() {
      for (const cron of crons) cron.stop();
      scoreTrust.stop();
      stopping.abort();
      await Promise.all(running);
      await server.close();
      await endPools();
    },
  };
}

function logDay(log: Log, result: DayResult): void {
  const { day } = result;
  switch (result.state) {
    case 'succeeded': {
      const { attempts, outcome: metrics } = result;
      log.info({ day, attempts, answers: metrics.totalQueries, ...verdict(metrics) }, 'day rolled up');
      return;
    }
    case 'failed':
      log.error({ day, attempts: result.attempts, reason: result.error }, 'rollup of a day failed');
      return;
    case 'elsewhere':
      log.info({ day }, 'skipped: another worker is rolling up this day');
      return;
    case 'stopped':
      log.info({ day }, 'stopped before the day was rolled up');
  }
}
