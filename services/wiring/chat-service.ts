/** Assembles the chat service: the stages of a question, their telemetry, and the HTTP interface. */
import { createChat, type Stages } from '../chat/flow.ts';
import { gateAnswers } from '../chat/gate/gate-answers.ts';
import type { Turn } from '../chat/turn.ts';
import type { Config } from '../config.ts';
import { createApp } from '../http/app.ts';
import { mountPages } from '../http/pages/mount.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import { EXTRACTIVE, generateExtractively } from '../llm/extractive.ts';
import { loadPrice, priceOrigins, pricesAsOf } from '../llm/load-prices.ts';
import { createModelGenerate, type OnLostUsage } from '../llm/openai-generate.ts';
import { describeError } from '../logging/describe-error.ts';
import type { Log } from '../logging/log.ts';
import { isDatabaseReachable } from '../postgres/client/startup-checks.ts';
import { type CallCost, insertCallCost } from '../postgres/dialogues/call-costs.ts';
import { createFailureKeeper, insertFailure } from '../postgres/dialogues/failures.ts';
import { insertTurns } from '../postgres/dialogues/insert-turns.ts';
import { createRecorder } from '../postgres/dialogues/recorder.ts';
import { createRetrieve } from '../postgres/search/retrieve-passages.ts';
import { createDialogueStore } from '../postgres/stores/dialogue-store.ts';
import { createRightsStore } from '../postgres/stores/user-rights-store.ts';
import { judgeVersion } from '../quality/judge-rubric.ts';
import { createScore } from '../quality/score-turn.ts';
import { wordsVersions } from '../quality/scores.ts';
import { reachableUrl } from '../runtime/reachable-url.ts';
import { timeLimits } from '../runtime/timeouts.ts';
import { builtInService } from '../slo/deployment.ts';
import type { Generator } from '../telemetry/generator.ts';
import { measureQuestionEnd } from '../telemetry/metrics/measure-question-end.ts';
import { measureRecord } from '../telemetry/metrics/measure-records.ts';
import { measureAuthentication } from '../telemetry/metrics/measure-stage.ts';
import { measureLostCost, measureTurn, startTurnsAtZero } from '../telemetry/metrics/measure-turn.ts';
import { measureVote, startVotesAtZero } from '../telemetry/metrics/measure-vote.ts';
import { watchDatabase } from '../telemetry/metrics/watch-database.ts';
import { observeChat, observeStages } from '../telemetry/observe.ts';
import { observeCommit } from '../telemetry/observe-commit.ts';
import { startMeasuring } from '../telemetry/start-measuring.ts';
import { currentTraceId } from '../telemetry/tracing/current-trace-id.ts';
import { authSettings } from './auth-settings.ts';
import { openChatPools } from './chat-pools.ts';
import { keepChecks } from './checks/run-checks.ts';
import { serviceChecks } from './checks/service-checks.ts';
import { diagnoseService } from './diagnose-service.ts';
import { createIntake } from './intake.ts';
import { createPrometheusStatus } from './prometheus-status.ts';
import { withRecentMetrics } from './recent-metrics.ts';
import { createScoreTrust } from './score-trust.ts';
import { openRerank, openScoreByMeaning, openSearchByMeaning } from './semantic-search.ts';
import { createServiceAdmin } from './service-admin.ts';
import { createPlugins } from './source-admin.ts';
import { createSpanIntake } from './span-intake.ts';
import { oldestStalePrices, warnAboutStalePrices } from './stale-prices.ts';

type ChatService = {
  readonly server: HttpServer;
  /** Checks what answers depend on, for the log and for `GET /readyz?verbose`. */
  readonly logFailedChecks: () => Promise<void>;
  /** Stops accepting, waits at most `graceMs` for requests in flight, flushes the recorder, closes the pools. */
  readonly close: (graceMs: number) => Promise<void>;
};

/** Earlier turns of the session that the model sees. */
const recalledTurns = 6;
/** Turns that may wait for the database at once: a few megabytes. */
const recorderLimit = 4_096;
const failureLimit = 10_000;

/** @throws {Error} that names the invalid file or variable */
export function createChatService({
  config,
  databaseUrl,
  embedded,
  log,
}: {
  config: Config;
  databaseUrl: string;
  embedded: boolean;
  log: Log;
}): ChatService {
  const clock = () => performance.now();
  const now = () => new Date();
  const pools = openChatPools(databaseUrl, (error) => log.warn({ err: error }, 'idle database connection lost'));

  const recorder = createRecorder({
    insert: observeCommit((turns) => insertTurns(pools.recorder, turns)),
    deadlineMs: config.recordDeadlineMs,
    limit: recorderLimit,
    count: measureRecord,
  });
  const failures = createFailureKeeper({
    insert: (turn) => insertFailure(pools.failures, turn),
    limit: failureLimit,
    onLoss: ({ id }, reason) => log.error({ dialogueId: id, err: reason }, 'could not record a failed turn'),
  });
  const generator = generatorOf(config);
  const prices = config.model === null ? null : pricesAsOf(config);
  const origins = priceOrigins(config);
  startMeasuring({ generator, pendingRecords: recorder.pending, pricesAsOf: prices, priceOrigins: origins });
  const pricesOf = (origin: 'own' | 'shipped') =>
    Object.fromEntries(
      Object.entries(prices ?? {}).filter(([file]) => origins[file as keyof typeof origins] === origin),
    );
  warnAboutStalePrices(pricesOf('own'), now(), log);
  // Not through the pool of questions: while it is busy, the database is not unavailable.
  const stopWatching = watchDatabase(() => isDatabaseReachable(pools.failures));
  const { longestQuestionMs } = timeLimits(config);
  const store = withRecentMetrics(
    createDialogueStore({
      pool: pools.questions,
      auditPool: pools.audit,
      metricsPool: pools.metrics,
      now,
      longestQuestionMs,
    }),
    clock,
  );

  const price = loadPrice(config);
  const callCosts = createFailureKeeper<CallCost>({
    insert: (cost) => insertCallCost(pools.failures, cost),
    limit: failureLimit,
    onLoss: ({ kind, model }, reason) => log.error({ kind, model, err: reason }, 'could not record the cost of a call'),
  });
  const onLostUsage: OnLostUsage = ({ kind, model, usage }) => {
    const at = now();
    const costJpy = price(model, usage, at);
    callCosts.keep({ at, kind, model, usage, costJpy });
    if (costJpy !== null) measureLostCost({ service: builtInService, model, kind, costJpy });
  };
  const onRefusedParameter = (parameter: string) =>
    log.warn(
      { parameter, model: config.model?.name },
      'the model server refuses a request parameter: requests omit it for an hour',
    );
  const remoteModel = config.model !== null && !config.model.trusted;
  const { commercialUse } = config;
  const stages: Stages = {
    recall: ({ requester, sessionId }) =>
      store.recall({ requester, sessionId, limit: recalledTurns, remoteModel, commercialUse }),
    retrieve: createRetrieve({
      pool: pools.questions,
      remoteModel,
      commercialUse,
      now,
      searches: {
        byMeaning: openSearchByMeaning(config, { pool: pools.questions, clock, log }),
        rerank: openRerank(config, { clock, log }),
      },
    }),
    generate:
      config.model === null
        ? gateAnswers(generateExtractively)
        : createModelGenerate(config.model, { clock, onRefusedParameter, onLostUsage }),
    record: recorder.record,
  };
  const scoreTrust = createScoreTrust(pools.questions, (error) =>
    log.warn(describeError(error), 'could not read what votes say about the scores'),
  );
  const scoreByMeaning = openScoreByMeaning(config, clock);
  // With a model, the worker's judge scores a sample of the answers instead.
  const score = createScore(scoreTrust.trust, config.model === null, scoreByMeaning);
  const chat = createChat({
    stages: observeStages(stages, generator, clock),
    price,
    score,
    observe,
    clock,
    now,
    traceId: currentTraceId,
  });

  function observe(turn: Turn): void {
    measureTurn(turn, builtInService);
    if (!('failure' in turn)) return;
    log.warn({ dialogueId: turn.id, ...turn.failure }, 'question failed');
    if (turn.outcome === 'failed') failures.keep(turn);
  }

  const intake = createIntake({
    pool: pools.intake,
    failurePool: pools.failures,
    record: recorder.record,
    price,
    // Applications send more turns than an embeddings server reads.
    score: createScore(scoreTrust.trust, config.model === null),
    measureTurn,
    measureVote,
    startService: (service) => {
      startTurnsAtZero(service, []);
      startVotesAtZero(service);
    },
    commercialUse: config.commercialUse,
    clock,
    now,
  });

  const spanIntake = createSpanIntake({
    pool: pools.spans,
    assemblyPool: pools.assembly,
    quietMs: config.intakeQuietMs,
    record: intake.recordTurn,
    findService: intake.findService,
    now,
    clock,
    log,
  });

  const plugins = createPlugins(
    pools.audit,
    {
      pool: pools.questions,
      readKey: config.readKey,
      privateDirectories: [config.dataDir],
      commercialUse: config.commercialUse,
      now,
    },
    config.sourceRoots,
  );
  const prometheusStatus = createPrometheusStatus({
    url: config.prometheusUrl,
    labels: config.prometheusLabels,
    clock,
    now,
    log,
  });
  const checks = keepChecks(serviceChecks(config), clock);
  const drain = { begun: false };
  const diagnose = (name: string) => diagnoseService(pools.audit, name, reachableUrl(config.host, config.port));
  const app = createApp({
    ...store,
    recordTurn: intake.recordTurn,
    voteOnTurn: intake.voteOnTurn,
    readUsage: intake.readUsage,
    putDocuments: intake.putDocuments,
    forgetExternalUser: intake.forgetExternalUser,
    findServiceKey: intake.findServiceKey,
    ...spanIntake,
    services: createServiceAdmin(pools.audit),
    diagnoseService: diagnose,
    ...createRightsStore({ pool: pools.erasures, exportPool: pools.exports, now }),
    chat: observeChat(chat),
    observeFailure: observe,
    measureAuthentication,
    measureQuestionEnd,
    plugins,
    prometheusStatus: prometheusStatus.read,
    vote: async (userId, dialogueId, vote) => {
      const saved = await store.vote(userId, dialogueId, vote);
      if (saved === 'ok') measureVote(vote, builtInService);
      return saved;
    },
    ready: async () =>
      (await isDatabaseReachable(pools.questions))
        ? { ok: true }
        : { ok: false, reason: 'the database is unavailable' },
    checks: checks.read,
    drain,
    settings: { ...config, embedded, auth: authSettings(config) },
    pages: (router, context) =>
      mountPages(router, context, {
        relevanceTrust: () =>
          config.model === null
            ? scoreTrust.trust('answer_relevance', scoreByMeaning?.version ?? wordsVersions.answer_relevance)
            : scoreTrust.trust('judge', judgeVersion(config.model.name)),
        oldPrices: () => oldestStalePrices(pricesOf('shipped'), now()),
        ...store,
        // The samples are ingested into the embedded database only.
        hasOnlySamples: async () => embedded && (await store.hasOnlySamples()),
        prometheusStatus: prometheusStatus.read,
        sources: plugins.list,
        diagnoseService: diagnose,
      }),
    log,
    clock,
    now,
    traceId: currentTraceId,
  });
  const server = createHttpServer(app, drain);

  return {
    server,
    logFailedChecks: async () => {
      for (const { name, ...result } of await checks.read())
        if (result.state === 'failed')
          log.warn({ check: name, reason: result.detail, fix: result.fix }, 'check failed');
    },
    async close(graceMs) {
      await server.close(graceMs);
      stopWatching();
      scoreTrust.stop();
      await spanIntake.close();
      intake.close();
      prometheusStatus.close();
      await recorder.flushed();
      await failures.close();
      await callCosts.close();
      const closed = await Promise.allSettled(Object.values(pools).map((pool) => pool.end()));
      for (const result of closed)
        if (result.status === 'rejected') log.warn(describeError(result.reason), 'connection pool did not close');
    },
  };
}

function generatorOf({ model }: Config): Generator {
  if (model === null) return { provider: 'rag-observatory', model: EXTRACTIVE, server: null };
  const { hostname, port, protocol } = new URL(model.baseUrl);
  const usualPort = protocol === 'https:' ? 443 : 80;
  return {
    provider: 'openai',
    model: model.name,
    server: { address: hostname, port: port === '' ? usualPort : Number(port) },
  };
}
