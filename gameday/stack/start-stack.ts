/** Starts a whole stack for game days on this machine, and labels it as one. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scaledDurations } from '../../alerts/operation/scaled-durations.ts';
import { scrapeJobs, spanJob } from '../../services/catalogue/other-metrics.ts';
import { makeToken } from '../../services/commands/users/token.ts';
import { loadConfig } from '../../services/config.ts';
import { dayOf } from '../../services/rollup/day.ts';
import { lockDataDir } from '../../services/runtime/data-dir.ts';
import { freePortFrom } from '../../services/runtime/free-port.ts';
import { rollupObjective } from '../../services/slo/objectives.ts';
import type { StackInfo } from '../control/control-protocol.ts';
import { type ControlServer, startControlServer } from '../control/control-server.ts';
import { createFaultRunner, type FaultActions } from '../control/fault-runner.ts';
import { unsupportedIncidents } from '../control/unsupported-incidents.ts';
import { type ModelServer, serveModel } from '../model/serve-model.ts';
import { generateTraffic } from '../traffic/generate-traffic.ts';
import { type GamedayCollector, gamedayCollector } from './collector.ts';
import { type GamedayDatabase, gamedayDatabase } from './database.ts';
import { gamedayExporter } from './exporter.ts';
import type { Tools } from './find-tools.ts';
import { gamedayMonitoring } from './monitoring.ts';
import { gamedayModel, writePriceFiles } from './price-files.ts';
import { type GamedayPrograms, gamedayPrograms } from './programs.ts';
import { readRunbook } from './read-runbook.ts';
import { waitUntilQuiet } from './wait-until-quiet.ts';
import { receiveWebhooks } from './webhooks.ts';

type Assembled = StackInfo & {
  readonly control: ControlServer;
  /** Of its database. */
  readonly superuserUrl: string;
};

export type GamedayStack = Assembled & { readonly stop: () => Promise<void> };

type Options = {
  /** Holds all of its data; the next start reuses the database. */
  readonly folder: string;
  readonly tools: Tools;
  /** The factor for every duration in rules and waits. */
  readonly scale: number;
  readonly answersPerSecond: number;
  /** The Collector's binary; null: the stack has none. */
  readonly collector: string | null;
  /** The binary of postgres_exporter; absent: the stack has none. */
  readonly exporter?: string;
  /** Environment variables of the programs; they override those of the stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with the owner's URL of the database before the programs start. */
  readonly prepare?: (url: string) => Promise<void>;
  readonly log: (line: string) => void;
};

/** Registers how to undo the step that was just done. */
type OnStop = (undo: () => unknown) => void;

const graceMs = 20_000;
const freePort = () => freePortFrom(randomInt(20_000, 31_000));

/** Resolves when traffic runs, every target is scraped, and the watchdog alert has arrived. */
export async function startStack(options: Options): Promise<GamedayStack> {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    return { ...(await assemble(options, (step) => undo.push(step))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Registers the undo of each step at once, because a later step may fail. */
async function assemble(options: Options, onStop: OnStop): Promise<Assembled> {
  const { folder, tools, scale, answersPerSecond, log } = options;
  const id = randomBytes(4).toString('hex');
  onStop((await lockDataDir(folder, 'a stack for game days')).leave);
  const database = await gamedayDatabase(folder, log);
  onStop(database.stop);
  await options.prepare?.(database.ownerUrl);
  const model = await serveModel({ host: '127.0.0.1', port: 0 });
  onStop(model.close);
  const collector = await runCollector(options, onStop);
  const { programs, chat, targets } = await runPrograms(options, { database, model, collector }, onStop);
  const exporter = await runExporter(options, database, onStop);
  await database.rollup.run();

  const webhooks = await receiveWebhooks(Date.now);
  onStop(webhooks.close);
  const missing = () => 'this stack has no Collector: start it with `npm run gameday -- --collector`';
  const faultRunner = createFaultRunner({
    model,
    actions: faultActions({ database, programs, collector }),
    missing,
    now: Date.now,
  });
  let info: StackInfo | null = null;
  const control = await startControlServer({
    faultRunner,
    receivedAlerts: webhooks.receivedAlerts,
    runbook: readRunbook,
    status: () => ({
      stack: info,
      unsupported: unsupportedIncidents(faultRunner),
      modelRequests: model.requests(),
      running: faultRunner.running(),
    }),
  });
  // Stops first, so that a running incident recovers while the other parts still run.
  onStop(control.close);
  const { prometheus, alertmanager, ...monitoring } = await gamedayMonitoring({
    tools,
    folder,
    scale,
    id,
    channels: { pageWebhook: webhooks.page, chatWebhook: webhooks.chat, heartbeat: webhooks.heartbeat },
    runbooks: `${control.url}/runbooks`,
    targets: { ...targets, ...exporter },
    model: new URL(model.baseUrl).host,
    answersPerSecond,
    freePort,
  });
  onStop(monitoring.stop);
  await monitoring.start();

  const config = loadConfig({ DATA_DIR: folder });
  const traffic = generateTraffic({
    chat,
    token: () => makeToken({}, config, new Date()),
    perSecond: answersPerSecond,
  });
  onStop(traffic.stop);
  const daily = setInterval(
    () => database.rollup.run().catch((error) => log(`The rollup failed: ${error.message}`)),
    // A scaled day is shorter, so its rollup is due sooner.
    scaledDurations(scale).seconds(`${rollupObjective?.everyHours ?? 24}h`) * 1_000,
  );
  onStop(() => clearInterval(daily));

  await webhooks.alive;
  await waitUntilQuiet(prometheus, log);
  info = { id, scale, chat, prometheus, alertmanager };
  return { ...info, control, superuserUrl: database.superuserUrl };
}

async function runCollector({ folder, collector: binary }: Options, onStop: OnStop): Promise<GamedayCollector | null> {
  if (binary === null) return null;
  const own = join(folder, 'collector');
  mkdirSync(own, { recursive: true });
  const config = fileURLToPath(new URL('../../collector/config.yaml', import.meta.url));
  const collector = await gamedayCollector({ binary, config, folder: own, freePort });
  onStop(collector.close);
  await collector.start();
  return collector;
}

type Parts = {
  readonly database: GamedayDatabase;
  readonly programs: GamedayPrograms;
  readonly collector: GamedayCollector | null;
};

async function runExporter({ folder, exporter: binary }: Options, { superuserUrl }: GamedayDatabase, onStop: OnStop) {
  if (binary === undefined) return {};
  const exporter = await gamedayExporter({ binary, superuserUrl, folder, freePort });
  onStop(exporter.stop);
  await exporter.start();
  return { [scrapeJobs.database]: exporter.metrics };
}

async function runPrograms(
  { folder, settings: own = {} }: Options,
  { database, model, collector }: Pick<Parts, 'database' | 'collector'> & { model: ModelServer },
  onStop: OnStop,
) {
  const ports = { chat: await freePort(), chatMetrics: await freePort(), workerMetrics: await freePort() };
  const prices = writePriceFiles(folder, dayOf(new Date()));
  const settings = {
    LLM_BASE_URL: model.baseUrl,
    LLM_MODEL: gamedayModel,
    PRICE_BOOK: prices.priceBook,
    EXCHANGE_RATES: prices.exchangeRates,
    ...(collector !== null && {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    }),
    ...own,
  };
  const programs = gamedayPrograms({ folder, urls: database.urls, ports, settings });
  const { chat, worker } = programs;
  onStop(() => Promise.all([chat.stop(graceMs), worker.stop(graceMs)]));
  await Promise.all([chat.start(), worker.start()]);
  return {
    programs,
    chat: `http://127.0.0.1:${ports.chat}`,
    targets: {
      [scrapeJobs.chat]: `127.0.0.1:${ports.chatMetrics}`,
      [scrapeJobs.worker]: `127.0.0.1:${ports.workerMetrics}`,
      ...(collector !== null && { [scrapeJobs.collector]: collector.metrics, [spanJob]: collector.spanMetrics }),
    },
  };
}

function faultActions({ database, programs: { chat }, collector }: Parts): FaultActions {
  const { rollup } = database;
  return {
    'stop the database': database.stop,
    'start the database': database.start,
    'kill the chat server': chat.kill,
    'start the chat server': chat.start,
    'reject rollup rows': rollup.rejectRows,
    'accept rollup rows': rollup.acceptRows,
    'run the rollup': rollup.run,
    ...(collector !== null && { 'stop the Collector': collector.stop, 'start the Collector': collector.start }),
  };
}
