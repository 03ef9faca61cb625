/** Prometheus and Alertmanager of a game-day stack: the shipped configuration with every duration scaled. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Channels } from '../../alerts/alertmanager/channels.ts';
import { alertmanagerConfig } from '../../alerts/alertmanager/config.ts';
import { compileArtifacts } from '../../alerts/compile-artifacts.ts';
import { scaledDurations } from '../../alerts/operation/scaled-durations.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { writeBackfill } from './backfill.ts';
import { type ExternalProcess, externalProcess } from './external-process.ts';
import type { Tools } from './find-tools.ts';
import { defaultCost, gamedayModel } from './price-files.ts';
import { gamedayPrometheus } from './prometheus-config.ts';

export type Monitoring = {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Resolves when both are ready. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly tools: Tools;
  readonly folder: string;
  readonly scale: number;
  readonly id: string;
  readonly channels: Channels;
  /** The base URL of the runbooks. */
  readonly runbooks: string;
  /** Host and port of the other scrape targets, by job. */
  readonly targets: Readonly<Record<string, string>>;
  /** Host and port of the model server. */
  readonly model: string;
  readonly answersPerSecond: number;
  readonly freePort: () => Promise<number>;
};

/** Prometheus's default for --query.lookback-delta. */
const defaultLookback = '5m';
/** Prometheus's default for --rules.alert.resend-delay. */
const defaultResend = '1m';
const shipped = fileURLToPath(new URL('../../alerts/prometheus.yml', import.meta.url));

export async function gamedayMonitoring(options: Options): Promise<Monitoring> {
  const { tools, folder, scale, id, freePort } = options;
  const prometheus = `127.0.0.1:${await freePort()}`;
  const alertmanager = `127.0.0.1:${await freePort()}`;
  const place = (name: string) => join(folder, name);
  const { duration, seconds } = scaledDurations(scale);
  // Samples of an earlier run would mix with the backfill.
  for (const name of ['prometheus', 'alertmanager']) {
    rmSync(place(name), { recursive: true, force: true });
    mkdirSync(place(name), { recursive: true, mode: 0o700 });
  }

  const links = { ...deploymentLinks, runbooks: options.runbooks };
  const rules = compileArtifacts({ scale, links }).filter(({ path }) => path.endsWith('-rules.yml'));
  for (const { path, text } of rules) writeFileSync(place(basename(path)), text);
  const config = gamedayPrometheus({
    shipped: readFileSync(shipped, 'utf8'),
    scale,
    id,
    targets: { ...options.targets, [scrapeJobs.prometheus]: prometheus, [scrapeJobs.alertmanager]: alertmanager },
    alertmanager,
    model: options.model,
    ruleFiles: rules.map(({ path }) => place(basename(path))),
  });
  writeFileSync(place('prometheus.yml'), config);
  writeFileSync(place('alertmanager.yml'), alertmanagerConfig(options.channels, folder, { scale }).text);

  const run = (name: keyof Tools, address: string, args: readonly string[]): ExternalProcess =>
    externalProcess({
      name,
      file: tools[name],
      args: [`--config.file=${place(`${name}.yml`)}`, `--web.listen-address=${address}`, '--log.level=warn', ...args],
      env: { PATH: process.env.PATH ?? '' },
      log: place(`${name}.log`),
      ready: `http://${address}/-/ready`,
    });
  const alertmanagerProcess = run('alertmanager', alertmanager, [
    `--storage.path=${place('alertmanager')}`,
    '--cluster.listen-address=',
  ]);
  const prometheusProcess = run('prometheus', prometheus, [
    `--storage.tsdb.path=${place('prometheus')}`,
    '--storage.tsdb.retention.time=35d',
    '--enable-feature=exemplar-storage',
    `--query.lookback-delta=${duration(defaultLookback)}`,
    `--rules.alert.resend-delay=${duration(defaultResend)}`,
  ]);
  const longest = Math.max(...alertPolicy.pairs.map(({ long }) => seconds(long)));
  return {
    prometheus: `http://${prometheus}`,
    alertmanager: `http://${alertmanager}`,
    async start() {
      await writeBackfill(
        tools.promtool,
        { file: place('backfill.om'), blocks: place('prometheus') },
        {
          until: Date.now(),
          length: longest,
          step: seconds(defaultLookback),
          answersPerSecond: options.answersPerSecond,
          costJpy: defaultCost,
          model: gamedayModel,
        },
      );
      await Promise.all([alertmanagerProcess.start(), prometheusProcess.start()]);
    },
    async stop() {
      await Promise.all([prometheusProcess.stop(), alertmanagerProcess.stop()]);
    },
  };
}
