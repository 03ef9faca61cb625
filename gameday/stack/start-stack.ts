/** Starts a whole stack for game days on this machine, and marks it as one. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scaledDurations } from '../../alerts/operation/scaled-durations.ts';
import { scrapeJobs, spanJob } from '../../services/catalogue/other-metrics.ts';
import { makeToken } from '../../services/commands/token.ts';
import { loadConfig } from '../../services/config.ts';
import { dayOf } from '../../services/rollup/day.ts';
import { lockDataDir } from '../../services/runtime/data-dir.ts';
import { freePortFrom } from '../../services/runtime/free-port.ts';
import { jobObjectives } from '../../services/slo/objectives.ts';
import type { Marked } from '../control/control-protocol.ts';
import { type Control, serveControl } from '../control/serve-control.ts';
import { createStage, type Levers } from '../control/stage.ts';
import { whyNotPlayed } from '../control/why-not-played.ts';
import { type ModelServer, serveModel } from '../model/serve-model.ts';
import { askSteadily } from '../traffic/ask-steadily.ts';
import { type GamedayCollector, gamedayCollector } from './collector.ts';
import { type GamedayDatabase, gamedayDatabase } from './database.ts';
import { gamedayExporter } from './exporter.ts';
import type { Tools } from './find-tools.ts';
import { gamedayMonitoring } from './monitoring.ts';
import { gamedayModel, writePriceFiles } from './price-files.ts';
import { type GamedayPrograms, gamedayPrograms } from './programs.ts';
import { readRunbook } from './read-runbook.ts';
import { untilQuiet } from './until-quiet.ts';
import { receiveWebhooks } from './webhooks.ts';

type Assembled = Marked & {
  readonly control: Control;
  /** Of its database. */
  readonly superuserUrl: string;
};

export type GamedayStack = Assembled & { readonly stop: () => Promise<void> };

type Given = {
  /** Everything it keeps is in there; the database stays for the next start. */
  readonly folder: string;
  readonly tools: Tools;
  /** What every length of time in rules and waits is multiplied by. */
  readonly scale: number;
  readonly answersPerSecond: number;
  /** The Collector's binary; null: the stack goes without. */
  readonly collector: string | null;
  /** The binary of postgres_exporter; absent: the stack goes without. */
  readonly exporter?: string;
  /** Of the programs, over what the stack gives them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Is given the owner's URL of the database before the programs start. */
  readonly prepare?: (url: string) => Promise<void>;
  readonly say: (line: string) => void;
};

/** Takes what undoes the step that was just done. */
type Later = (undo: () => unknown) => void;

const graceMs = 20_000;
const freePort = () => freePortFrom(randomInt(20_000, 31_000));

/** Resolves when questions are asked, everything is scraped, and an alert that always fires has come through. */
export async function startStack(given: Given): Promise<GamedayStack> {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    return { ...(await assemble(given, (step) => undo.push(step))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What undoes each step is handed over as soon as it is done: a later step may fail. */
async function assemble(given: Given, later: Later): Promise<Assembled> {
  const { folder, tools, scale, answersPerSecond, say } = given;
  const id = randomBytes(4).toString('hex');
  later((await lockDataDir(folder, 'a stack for game days')).leave);
  const database = await gamedayDatabase(folder, say);
  later(database.stop);
  await given.prepare?.(database.ownerUrl);
  const model = await serveModel({ host: '127.0.0.1', port: 0 });
  later(model.close);
  const collector = await runCollector(given, later);
  const { programs, chat, targets } = await runPrograms(given, { database, model, collector }, later);
  const exporter = await runExporter(given, database, later);
  await database.rollup.run();

  const webhooks = await receiveWebhooks(Date.now);
  later(webhooks.close);
  const missing = () => 'this stack has no Collector: start it with `npm run gameday -- --collector`';
  const stage = createStage({ model, levers: leversOf({ database, programs, collector }), missing, now: Date.now });
  let marked: Marked | null = null;
  const control = await serveControl({
    stage,
    told: webhooks.told,
    runbook: readRunbook,
    describe: () => ({
      stack: marked,
      cannot: whyNotPlayed(stage),
      modelAsked: model.asked(),
      playing: stage.playing(),
    }),
  });
  // What is being played is healed while there is something to heal it with.
  later(control.close);
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
  later(monitoring.stop);
  await monitoring.start();

  const config = loadConfig({ DATA_DIR: folder });
  const traffic = askSteadily({ chat, token: () => makeToken({}, config, new Date()), perSecond: answersPerSecond });
  later(traffic.stop);
  const daily = setInterval(
    () => database.rollup.run().catch((error) => say(`The rollup did not run: ${error.message}`)),
    // A day is shorter here, and so its rollup comes round sooner.
    scaledDurations(scale).seconds(`${jobObjectives.batchJob.everyHours}h`) * 1_000,
  );
  later(() => clearInterval(daily));

  await webhooks.alive;
  await untilQuiet(prometheus, say);
  marked = { id, scale, chat, prometheus, alertmanager };
  return { ...marked, control, superuserUrl: database.superuserUrl };
}

async function runCollector({ folder, collector: binary }: Given, later: Later): Promise<GamedayCollector | null> {
  if (binary === null) return null;
  const own = join(folder, 'collector');
  mkdirSync(own, { recursive: true });
  const config = fileURLToPath(new URL('../../collector/config.yaml', import.meta.url));
  const collector = await gamedayCollector({ binary, config, folder: own, freePort });
  later(collector.close);
  await collector.start();
  return collector;
}

type Parts = {
  readonly database: GamedayDatabase;
  readonly programs: GamedayPrograms;
  readonly collector: GamedayCollector | null;
};

async function runExporter({ folder, exporter: binary }: Given, { superuserUrl }: GamedayDatabase, later: Later) {
  if (binary === undefined) return {};
  const exporter = await gamedayExporter({ binary, superuserUrl, folder, freePort });
  later(exporter.stop);
  await exporter.start();
  return { [scrapeJobs.database]: exporter.metrics };
}

async function runPrograms(
  { folder, settings: own = {} }: Given,
  { database, model, collector }: Pick<Parts, 'database' | 'collector'> & { model: ModelServer },
  later: Later,
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
  later(() => Promise.all([chat.stop(graceMs), worker.stop(graceMs)]));
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

function leversOf({ database, programs: { chat }, collector }: Parts): Levers {
  const { rollup } = database;
  return {
    'stop the database': database.stop,
    'start the database': database.start,
    'kill the chat server': chat.kill,
    'start the chat server': chat.start,
    'forbid rows of the rollup': rollup.forbidRows,
    'allow rows of the rollup': rollup.allowRows,
    'run the rollup': rollup.run,
    ...(collector !== null && { 'stop the Collector': collector.stop, 'start the Collector': collector.start }),
  };
}
