/** A minimal chat server for telemetry tests: real Express, flow, Postgres and fetch, with simple stages. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import { v7 } from 'uuid';
import { createChat } from '../../services/chat/flow.ts';
import { ServiceFailure } from '../../services/failure/service-failure.ts';
import { createLog } from '../../services/logging/log.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { createRecorder } from '../../services/postgres/dialogues/recorder.ts';
import { builtInService } from '../../services/slo/deployment.ts';
import { measureRecord } from '../../services/telemetry/metrics/measure-records.ts';
import { measureTurn } from '../../services/telemetry/metrics/measure-turn.ts';
import { measureVote } from '../../services/telemetry/metrics/measure-vote.ts';
import { watchDatabase } from '../../services/telemetry/metrics/watch-database.ts';
import { observeChat, observeStages } from '../../services/telemetry/observe.ts';
import { observeCommit } from '../../services/telemetry/observe-commit.ts';
import { startMeasuring } from '../../services/telemetry/start-measuring.ts';
import { currentTraceId } from '../../services/telemetry/tracing/current-trace-id.ts';
import { shutdownTelemetry } from '../../services/telemetry/tracing/shutdown-telemetry.ts';

const contacted = new Set<number>();
const connectSocket = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  const [first] = args.flat() as [{ port?: number } | number];
  contacted.add(Number(typeof first === 'number' ? first : first.port));
  return connectSocket.apply(this, args as never);
} as typeof connectSocket;

const log = createLog('small', 'info');
const pool = connect(process.env.DATABASE_URL ?? '', { name: 'small', max: 2 });
const generator = { provider: 'openai', model: 'model-7', server: { address: '127.0.0.1', port: 1234 } };
const clock = () => performance.now();

/** Stands in for a model server. */
const modelServer = createServer((req, res) => {
  void text(req).then((body) => res.end(body.length.toString()));
});
modelServer.listen(0, '127.0.0.1');
await once(modelServer, 'listening');
const modelPort = (modelServer.address() as AddressInfo).port;

const recorder = createRecorder({
  insert: observeCommit(async (turns) => {
    await pool.query('select\n  $1::text', [turns.map(({ answer }) => answer).join()]);
  }),
  deadlineMs: 5000,
  limit: 100,
  count: measureRecord,
});

const stages = observeStages(
  {
    recall: async ({ query }) => {
      await pool.query({ name: 'recall-test', text: "select $1::text as q, 'constant' as c", values: [query] });
      return [];
    },
    retrieve: async ({ query }) => {
      // The error message of Postgres quotes the value.
      if (query.includes('break')) await pool.query('select $1::uuid', [query]);
      const passage = { passageId: v7(), contentId: v7(), contentType: 'material', title: query, heading: '' } as const;
      const rest = {
        text: query,
        pageNumber: null,
        startSeconds: null,
        paragraphIndex: 0,
        sourceUri: null,
        license: null,
        rank: 1,
      } as const;
      return { passages: [{ ...passage, ...rest }], withheld: 3 };
    },
    generate: async ({ query }) => {
      if (query.includes('unavailable')) throw new ServiceFailure('model_unavailable', 'away');
      const url = `http://127.0.0.1:${modelPort}/v1?q=${encodeURIComponent(query)}`;
      await (await fetch(url, { method: 'POST', body: query })).text();
      const usage = { promptTokens: 1009, cachedPromptTokens: 503, completionTokens: 211, totalTokens: 1220 };
      const text = `${query} [1]`;
      return {
        text,
        model: 'model-7',
        temperature: 0.3,
        contextWindowSize: null,
        usage,
        finishReason: 'stop',
        firstTokenAt: clock(),
      };
    },
    record: recorder.record,
  },
  generator,
  clock,
);

const chat = observeChat(
  createChat({
    stages,
    price: () => 0.37,
    score: () => ({ relevance: 0.71, quality: {} }),
    observe: (turn) => measureTurn(turn, builtInService),
    clock,
    now: () => new Date(),
    traceId: currentTraceId,
  }),
);
watchDatabase(async () => true);
startMeasuring({
  generator,
  pendingRecords: recorder.pending,
  pricesAsOf: { 'price book': new Date('2026-01-03T00:00:00Z'), 'exchange rates': new Date('2026-01-05T00:00:00Z') },
});

const app = express();
app.use(express.json());
app.get('/healthz', (_req, res) => void res.send('ok'));
app.post('/ask/:what', async (req, res) => {
  log.info({ headers: req.headers }, 'asked');
  const requester = { userId: v7(), role: 'learner', groups: [], ip: null, country: null };
  const { signal } = new AbortController();
  try {
    const turn = await chat({
      id: v7(),
      sessionId: v7(),
      sessionIsNew: false,
      query: req.body.query,
      requester,
      askedAt: new Date(),
      signal,
    });
    res.json({ id: turn.id, sessionId: turn.sessionId, traceId: turn.traceId });
  } catch (error) {
    log.error({ err: error }, 'failed');
    res.status(500).json({ traceId: currentTraceId() });
  }
});
app.post('/turn', (req, res) => {
  measureTurn(req.body, builtInService);
  res.end();
});
app.post('/vote', (req, res) => {
  measureVote(req.body.vote, builtInService);
  res.end();
});

const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port });
});

process.once('disconnect', async () => {
  server.close();
  modelServer.close();
  await pool.end();
  const start = performance.now();
  await shutdownTelemetry(1500);
  const strangers = [...contacted].filter(
    (port) => port !== modelPort && port !== Number(new URL(process.env.DATABASE_URL ?? '').port),
  );
  console.log(JSON.stringify({ strangers, shutdownMs: Math.round(performance.now() - start) }));
  process.exit(0);
});
