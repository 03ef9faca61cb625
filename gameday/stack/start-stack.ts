/** Starts a whole stack for game days on this machine, and marks it as one. */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { scaledSpans } from '../../alerts/operation/spans.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { makeToken } from '../../services/commands/token.ts';
import { loadConfig } from '../../services/config.ts';
import { lockDataDir } from '../../services/lock-data-dir.ts';
import { startEmbedded } from '../../services/postgres/embedded.ts';
import { ensureLogins } from '../../services/postgres/embedded-logins.ts';
import { freePortFrom } from '../../services/postgres/free-port.ts';
import { migrate } from '../../services/postgres/migrate.ts';
import { dayOf } from '../../services/rollup/day.ts';
import { jobObjectives } from '../../services/slo/objectives.ts';
import { takeInSamples } from '../../services/take-in-samples.ts';
import type { Marked } from '../control/control-protocol.ts';
import { type Control, serveControl } from '../control/serve-control.ts';
import { createStage, type Levers } from '../control/stage.ts';
import { incidents } from '../incidents.ts';
import { serveModel } from '../model/serve-model.ts';
import { askSteadily } from '../traffic/ask-steadily.ts';
import { readPrometheus } from '../watch/read-alerts.ts';
import { gamedayCollector } from './collector.ts';
import type { Tools } from './find-tools.ts';
import { gamedayMonitoring } from './monitoring.ts';
import { gamedayModel, writePriceFiles } from './price-files.ts';
import { gamedayPrograms } from './programs.ts';
import { gamedayRollup } from './rollup.ts';
import { receiveWebhooks } from './webhooks.ts';

export type GamedayStack = Marked & { readonly control: Control; readonly stop: () => Promise<void> };

type Given = {
  /** Everything it keeps is in there; the database stays for the next start. */
  readonly folder: string;
  readonly tools: Tools;
  /** What every length of time in rules and waits is multiplied by. */
  readonly scale: number;
  readonly answersPerSecond: number;
  /** The Collector's binary; null: the stack goes without. */
  readonly collector: string | null;
  readonly say: (line: string) => void;
};

const graceMs = 20_000;
const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const freePort = () => freePortFrom(randomInt(20_000, 31_000));

/** Resolves when questions are asked, everything is scraped, and an alert that always fires has come through. */
export async function startStack(given: Given): Promise<GamedayStack> {
  const { folder, scale, say } = given;
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const lock = await lockDataDir(folder, 'a stack for game days');
    undo.push(lock.leave);
    return { ...(await assemble(given, undo)), stop };
  } catch (error) {
    say('It could not be started; what runs of it is stopped.');
    await stop();
    throw error;
  }

  async function assemble({ tools, answersPerSecond, collector: binary }: Given, undo: (() => unknown)[]) {
    const id = randomBytes(4).toString('hex');
    const now = () => Date.now();
    const start = () => startEmbedded({ dataDir: folder, log: say });
    let postgres = await start();
    undo.push(() => postgres.stop());
    await migrate(postgres.url, { say });
    await takeInSamples({ url: postgres.url, embedded: true }, here('samples'), say);
    const rollup = gamedayRollup(postgres.url);
    await rollup.allowRows(); // an earlier stack may have died during its game day

    const model = await serveModel({ host: '127.0.0.1', port: 0 });
    undo.push(model.close);
    const webhooks = await receiveWebhooks(now);
    undo.push(webhooks.close);
    mkdirSync(join(folder, 'collector'), { recursive: true });
    const collector =
      binary === null
        ? null
        : await gamedayCollector({
            binary,
            config: here('collector/config.yaml'),
            folder: join(folder, 'collector'),
            freePort,
          });
    if (collector !== null) {
      undo.push(collector.close);
      await collector.start();
    }

    const ports = { chat: await freePort(), chatMetrics: await freePort(), workerMetrics: await freePort() };
    const prices = writePriceFiles(folder, dayOf(new Date()));
    const { chat, worker } = gamedayPrograms({
      folder,
      urls: await ensureLogins(folder, postgres.superuserUrl),
      ports,
      settings: {
        LLM_BASE_URL: model.baseUrl,
        LLM_MODEL: gamedayModel,
        PRICE_BOOK: prices.priceBook,
        EXCHANGE_RATES: prices.exchangeRates,
        ...(collector !== null && {
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        }),
      },
    });
    undo.push(() => Promise.all([chat.stop(graceMs), worker.stop(graceMs)]));
    await Promise.all([chat.start(), worker.start()]);
    await rollup.run();
    const origin = `http://127.0.0.1:${ports.chat}`;

    const levers: Levers = {
      'stop the database': () => postgres.stop(),
      'start the database': async () => {
        postgres = await start();
      },
      'kill the chat server': chat.kill,
      'start the chat server': chat.start,
      'forbid rows of the rollup': rollup.forbidRows,
      'allow rows of the rollup': rollup.allowRows,
      'run the rollup': rollup.run,
      ...(collector !== null && { 'stop the Collector': collector.stop, 'start the Collector': collector.start }),
    };
    const missing = () => 'this stack has no Collector: start it with `npm run gameday -- --collector`';
    const stage = createStage({ model, levers, missing, now });
    let marked: Marked | null = null;
    const control = await serveControl({
      stage,
      told: webhooks.told,
      runbook: (file) => readRunbook(file),
      describe: () => ({
        stack: marked,
        cannot: Object.fromEntries(
          incidents.flatMap((incident) => {
            const whyNot = stage.whyNot(incident);
            return whyNot === null ? [] : [[incident.name, whyNot]];
          }),
        ),
        modelAsked: model.asked(),
      }),
    });
    // What is being played is healed while there is something to heal it with.
    undo.push(control.close);
    const monitoring = await gamedayMonitoring({
      tools,
      folder,
      scale,
      id,
      channels: { pageWebhook: webhooks.page, chatWebhook: webhooks.chat, heartbeat: webhooks.heartbeat },
      runbooks: `${control.url}/runbooks`,
      targets: {
        [scrapeJobs.chat]: `127.0.0.1:${ports.chatMetrics}`,
        [scrapeJobs.worker]: `127.0.0.1:${ports.workerMetrics}`,
        ...(collector !== null && { [scrapeJobs.collector]: collector.metrics }),
      },
      answersPerSecond,
      freePort,
    });
    undo.push(monitoring.stop);
    await monitoring.start();

    const config = loadConfig({ DATA_DIR: folder });
    const token = () => makeToken({}, config, new Date());
    const traffic = askSteadily({ chat: origin, token, perSecond: answersPerSecond });
    undo.push(traffic.stop);
    // A day is shorter here, and so its rollup comes round sooner.
    const { seconds } = scaledSpans(scale);
    const daily = setInterval(
      () => rollup.run().catch((error) => say(`The rollup did not run: ${error.message}`)),
      seconds(`${jobObjectives.batchJob.everyHours}h`) * 1_000,
    );
    undo.push(() => clearInterval(daily));

    await webhooks.alive;
    await untilQuiet(monitoring.prometheus, say);
    marked = { id, scale, chat: origin, prometheus: monitoring.prometheus, alertmanager: monitoring.alertmanager };
    return { ...marked, control };
  }
}

/** What fires while things are started says nothing about them; what goes on firing does. */
async function untilQuiet(prometheus: string, say: (line: string) => void): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const alerts = (await readPrometheus(prometheus)).filter(({ labels }) => labels.severity !== 'none');
    if (alerts.length === 0) return;
    if (performance.now() > giveUpAt) {
      say(`These fire already: ${[...new Set(alerts.map(({ labels }) => labels.alertname))].join(', ')}`);
      return;
    }
    await pause(200);
  }
}

function readRunbook(file: string): string | null {
  const path = here(`docs/runbooks/${basename(file)}`);
  return /^\w+\.md$/.test(file) && existsSync(path) ? readFileSync(path, 'utf8') : null;
}
