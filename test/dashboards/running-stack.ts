/** A stack with traffic for dashboard queries: the real programs, Prometheus, Alertmanager and postgres_exporter. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { compileArtifacts } from '../../alerts/compile-artifacts.ts';
import { serveModel } from '../../gameday/model/serve-model.ts';
import { externalProcess } from '../../gameday/stack/external-process.ts';
import { findTools } from '../../gameday/stack/find-tools.ts';
import { gamedayModel, writePriceFiles } from '../../gameday/stack/price-files.ts';
import { gamedayRollup } from '../../gameday/stack/rollup.ts';
import { questions } from '../../gameday/traffic/questions.ts';
import { makeToken } from '../../services/commands/users/token.ts';
import { loadConfig } from '../../services/config.ts';
import { dayOf } from '../../services/rollup/day.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { chatProcess } from '../faults/chat-process.ts';
import type { TestDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments } from '../kit/programs/chat-service.ts';
import { startChild } from '../kit/programs/child.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { insertHistory } from '../page/insert-history.ts';
import { insertDocumentHistory } from './document-history.ts';
import { startFakeCollector } from './fake-collector.ts';

const exporter = 'prometheus-postgres-exporter';
const tools = findTools(process.env.PATH ?? '');

/** Null: all tools are installed. */
export const missingTools: string | null =
  'missing' in tools
    ? tools.missing
    : spawnSync(exporter, ['--version']).error === undefined
      ? null
      : `${exporter} not found (Debian: apt-get install ${exporter})`;

/** The real rules at 60 times the speed: a window of one hour lasts one minute. */
const scale = 1 / 60;

export type RunningStack = {
  readonly prometheus: string;
  /** The origin of the chat server that has a model and Prometheus. */
  readonly chat: string;
  readonly adminToken: string;
  /** All targets are scraped, and there was no question yet. */
  readonly quietAt: Date;
  /** There has been traffic for a while. */
  readonly busyAt: Date;
};

/** @param onCleanup receives the clean-up steps in the order of set-up */
export async function runStack(db: TestDatabase, onCleanup: (step: () => unknown) => void): Promise<RunningStack> {
  if ('missing' in tools) throw new Error(tools.missing);
  const folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  const place = (name: string) => join(folder, name);

  await ingestSampleDocuments(db.url);
  // Before yesterday has a row: the rollup does not replace a row that counts more answers than exist.
  await gamedayRollup(db.url).run();
  await insertHistory(db.pool, dayOf(new Date()));
  await insertDocumentHistory(db);

  const model = await serveModel({ host: '127.0.0.1', port: 0 });
  onCleanup(model.close);
  const ports = { exporter: await freePort(), alertmanager: await freePort(), prometheus: await freePort() };
  const at = (port: number) => `127.0.0.1:${port}`;
  const { priceBook, exchangeRates } = writePriceFiles(folder, dayOf(new Date()));
  const env = {
    DATABASE_URL: db.url,
    DATA_DIR: folder,
    LLM_BASE_URL: model.baseUrl,
    LLM_MODEL: gamedayModel,
    PRICE_BOOK: priceBook,
    EXCHANGE_RATES: exchangeRates,
    JUDGE_SAMPLE_RATE: '1',
    PROMETHEUS_URL: `http://${at(ports.prometheus)}`,
  };
  const chat = await chatProcess(env);
  // Without a model, the chat server scores answers immediately, so there is a relevance score.
  const quoting = await chatProcess({ DATABASE_URL: db.url, DATA_DIR: folder });
  const workerPort = await freePort();
  const worker = startChild(process.execPath, ['services/worker.ts'], {
    env: { ...process.env, ...env, WORKER_METRICS_PORT: String(workerPort), LOG_LEVEL: 'info' },
  });
  onCleanup(() => Promise.all([chat.stop(), quoting.stop()]));
  onCleanup(() => {
    worker.process.kill('SIGTERM');
    return worker.ended();
  });

  const collector = await startFakeCollector();
  onCleanup(collector.close);
  const superuser = new URL(db.superuserUrl);
  superuser.searchParams.set('sslmode', 'disable');
  const run = (name: string, file: string, port: number, args: readonly string[], ready: string, own = {}) =>
    externalProcess({
      name,
      file,
      args: [...args, `--web.listen-address=${at(port)}`],
      env: { PATH: process.env.PATH ?? '', ...own },
      log: place(`${name}.log`),
      ready: `http://${at(port)}${ready}`,
    });
  writeFileSync(
    place('alertmanager.yml'),
    stringify({
      route: { receiver: 'webhook', group_wait: '1s', group_interval: '1s', repeat_interval: '2s' },
      receivers: [{ name: 'webhook', webhook_configs: [{ url: `${collector.origin}/alerts` }] }],
    }),
  );
  const rules = compileArtifacts({ scale }).filter(({ path }) => path.endsWith('-rules.yml'));
  for (const { path, text } of rules) writeFileSync(place(basename(path)), text);
  const targets: Readonly<Record<string, readonly string[]>> = {
    'rag-chat': [chat, quoting].map(({ metricsUrl }) => new URL(metricsUrl).host),
    'rag-worker': [at(workerPort)],
    postgres: [at(ports.exporter)],
    'otel-collector': [new URL(collector.origin).host],
    prometheus: [at(ports.prometheus)],
    alertmanager: [at(ports.alertmanager)],
  };
  writeFileSync(
    place('prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: rules.map(({ path }) => place(basename(path))),
      alerting: { alertmanagers: [{ static_configs: [{ targets: [at(ports.alertmanager)] }] }] },
      scrape_configs: Object.entries(targets).map(([job_name, addresses]) => ({
        job_name,
        static_configs: [{ targets: addresses }],
      })),
    }),
  );
  const all = [
    run(exporter, exporter, ports.exporter, [], '/', {
      DATA_SOURCE_NAME: superuser.href,
      PG_EXPORTER_EXTEND_QUERY_PATH: 'stack/postgres/queries.yaml',
    }),
    run(
      'alertmanager',
      tools.alertmanager,
      ports.alertmanager,
      [`--config.file=${place('alertmanager.yml')}`, `--storage.path=${place('am')}`, '--cluster.listen-address='],
      '/-/ready',
    ),
    run(
      'prometheus',
      tools.prometheus,
      ports.prometheus,
      [
        `--config.file=${place('prometheus.yml')}`,
        `--storage.tsdb.path=${place('tsdb')}`,
        '--enable-feature=exemplar-storage',
        '--log.level=warn',
      ],
      '/-/ready',
    ),
  ];
  onCleanup(() => Promise.all(all.map((tool) => tool.stop())));
  await Promise.all([chat.start(), quoting.start(), worker.line(/worker started/), ...all.map((tool) => tool.start())]);

  const prometheus = `http://${at(ports.prometheus)}`;
  await until(prometheus, `count(count_over_time(up[1m]) >= 4 and up == 1) == ${Object.values(targets).flat().length}`);
  const quietAt = new Date();

  const token = (role?: string) => makeToken({ role }, loadConfig({ DATA_DIR: folder }), new Date());
  await askQuestions([chat.origin, quoting.origin], await token(), model.behave);
  await until(prometheus, `count(slo:value:1h) == ${Object.keys(objectives).length}`);
  await until(prometheus, 'slo:error_budget:remaining_ratio{slo="error_rate"} < 1');
  await until(prometheus, 'max(rag_rollup_last_success_timestamp_seconds) > 0');
  await until(prometheus, 'sum(increase(alertmanager_notifications_total[1m])) > 0');
  return { prometheus, chat: chat.origin, adminToken: await token('admin'), quietAt, busyAt: new Date() };
}

type Behave = Awaited<ReturnType<typeof serveModel>>['behave'];

/** Sends plain and streamed questions, with invented citations, failures, delays and votes, for longer than a rate window. */
async function askQuestions(origins: readonly string[], token: string, behave: Behave): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const ask = async (nth: number) => {
    const origin = origins[nth % 5 === 0 ? 1 : 0];
    const post = (path: string, body: object) =>
      fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const query = nth % 7 === 6 ? 'zwölf graue Wölfe?' : (questions[nth % questions.length] ?? '');
    const reply = await post('/api/ai/chat', { query, stream: nth % 3 === 0 });
    const text = await reply.text();
    const { id } = reply.ok && nth % 3 !== 0 ? (JSON.parse(text) as { id: string }) : { id: null };
    if (id !== null) await post(`/api/ai/dialogues/${id}/feedback`, { vote: nth % 4 === 0 ? -1 : 1 });
  };
  const startedAt = performance.now();
  const waves = [{}, { citations: 'invented' as const }, { errorShare: 1 }, { delayMs: 150 }, {}];
  for (const [wave, behaviour] of waves.entries()) {
    behave(behaviour);
    await Promise.all(Array.from({ length: 8 }, (_, nth) => ask(wave * 8 + nth)));
    // Spread over several scrapes: a rate needs a counter that changes between scrapes.
    await pause(Math.max(0, (wave + 1) * 1_500 - (performance.now() - startedAt)));
  }
}

async function until(prometheus: string, query: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const reply = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await reply.json()) as { data?: { result: unknown[] } };
    if ((data?.result.length ?? 0) > 0) return;
    if (performance.now() > deadline) throw new Error(`Prometheus never returned a result for: ${query}`);
    await pause(200);
  }
}
