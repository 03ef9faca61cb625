/** Prometheus and Alertmanager of a game-day stack: as they are shipped, with every length of time scaled. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Channels } from '../../alerts/alertmanager/channels.ts';
import { alertmanagerConfig } from '../../alerts/alertmanager/config.ts';
import { compileArtifacts } from '../../alerts/compile-artifacts.ts';
import { scaledDurations } from '../../alerts/operation/scaled-durations.ts';
import { localLinks } from '../../services/catalogue/links.ts';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import type { Tools } from './find-tools.ts';
import { writePast } from './make-past.ts';
import { gamedayModel, usualCost } from './price-files.ts';
import { gamedayPrometheus } from './prometheus-config.ts';
import { type Tool, toolOnLeash } from './run-tool.ts';

export type Monitoring = {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Resolves when both answer. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Given = {
  readonly tools: Tools;
  readonly folder: string;
  readonly scale: number;
  readonly id: string;
  readonly channels: Channels;
  /** Where runbooks are read. */
  readonly runbooks: string;
  /** Host and port of what is scraped beside these two, by job. */
  readonly targets: Readonly<Record<string, string>>;
  /** Host and port of the model server. */
  readonly model: string;
  readonly answersPerSecond: number;
  readonly freePort: () => Promise<number>;
};

/** How far back Prometheus looks for a sample, when nothing else is said. */
const usualLookback = '5m';
/** How often Prometheus tells Alertmanager again, when nothing else is said. */
const usualResend = '1m';
const shipped = fileURLToPath(new URL('../../alerts/prometheus.yml', import.meta.url));

export async function gamedayMonitoring(given: Given): Promise<Monitoring> {
  const { tools, folder, scale, id, freePort } = given;
  const prometheus = `127.0.0.1:${await freePort()}`;
  const alertmanager = `127.0.0.1:${await freePort()}`;
  const place = (name: string) => join(folder, name);
  const { duration, seconds } = scaledDurations(scale);
  // What happened in an earlier life of this stack is nobody's past.
  for (const name of ['prometheus', 'alertmanager']) {
    rmSync(place(name), { recursive: true, force: true });
    mkdirSync(place(name), { recursive: true, mode: 0o700 });
  }

  const links = { ...localLinks, runbooks: given.runbooks };
  const rules = compileArtifacts({ scale, links }).filter(({ path }) => path.endsWith('-rules.yml'));
  for (const { path, text } of rules) writeFileSync(place(basename(path)), text);
  const config = gamedayPrometheus({
    shipped: readFileSync(shipped, 'utf8'),
    scale,
    id,
    targets: { ...given.targets, [scrapeJobs.prometheus]: prometheus, [scrapeJobs.alertmanager]: alertmanager },
    alertmanager,
    model: given.model,
    ruleFiles: rules.map(({ path }) => place(basename(path))),
  });
  writeFileSync(place('prometheus.yml'), config);
  writeFileSync(place('alertmanager.yml'), alertmanagerConfig(given.channels, folder, scale).text);

  const run = (name: keyof Tools, address: string, args: readonly string[]): Tool =>
    toolOnLeash({
      name,
      file: tools[name],
      args: [`--config.file=${place(`${name}.yml`)}`, `--web.listen-address=${address}`, '--log.level=warn', ...args],
      env: { PATH: process.env.PATH ?? '' },
      log: place(`${name}.log`),
      ready: `http://${address}/-/ready`,
    });
  const teller = run('alertmanager', alertmanager, [
    `--storage.path=${place('alertmanager')}`,
    '--cluster.listen-address=',
  ]);
  const watcher = run('prometheus', prometheus, [
    `--storage.tsdb.path=${place('prometheus')}`,
    '--storage.tsdb.retention.time=35d',
    '--enable-feature=exemplar-storage',
    `--query.lookback-delta=${duration(usualLookback)}`,
    `--rules.alert.resend-delay=${duration(usualResend)}`,
  ]);
  const longest = Math.max(...alertPolicy.pairs.map(({ long }) => seconds(long)));
  return {
    prometheus: `http://${prometheus}`,
    alertmanager: `http://${alertmanager}`,
    async start() {
      await writePast(
        tools.promtool,
        { file: place('past.om'), blocks: place('prometheus') },
        {
          until: Date.now(),
          length: longest,
          step: seconds(usualLookback),
          answersPerSecond: given.answersPerSecond,
          costJpy: usualCost,
          model: gamedayModel,
        },
      );
      await Promise.all([teller.start(), watcher.start()]);
    },
    async stop() {
      await Promise.all([watcher.stop(), teller.stop()]);
    },
  };
}
