/** Runs a real Prometheus for a test, and stops it afterwards. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuleGroup } from '../../../alerts/rule.ts';
import { freePort } from './free-port.ts';

export const noPrometheus =
  spawnSync('prometheus', ['--version']).error === undefined
    ? null
    : 'prometheus is not installed (Debian: apt-get install prometheus)';

export type PrometheusServer = {
  readonly url: string;
  /** The value of the first sample of an instant query; undefined: no sample. */
  readonly value: (promql: string) => Promise<number | undefined>;
  readonly stop: () => Promise<void>;
};

/**
 * Also scrapes itself. Resolves when it accepts queries.
 * @param options.groups rules to evaluate
 * @param options.openMetrics samples to backfill, in the OpenMetrics format with timestamps
 * @param options.config a configuration file in place of the generated one
 * @param options.add sections added to the generated configuration
 * @param options.flags further flags of the program
 */
export async function runPrometheus({
  targets = [],
  groups = [],
  openMetrics,
  config,
  add: { global, scrape_configs = [], ...sections } = {},
  flags = [],
}: {
  targets?: readonly string[];
  groups?: readonly RuleGroup[];
  openMetrics?: string;
  config?: string;
  add?: {
    readonly global?: object;
    readonly scrape_configs?: readonly object[];
    readonly remote_write?: readonly object[];
  };
  flags?: readonly string[];
}): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const address = `127.0.0.1:${await freePort()}`;
  const own = { job_name: 'prometheus', static_configs: [{ targets: [address] }] };
  const chat = { job_name: 'rag-chat', static_configs: [{ targets }] };
  writeFileSync(
    join(folder, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '200ms', scrape_timeout: '200ms', ...global },
      rule_files: ['rules.yml'],
      scrape_configs: [own, chat, ...scrape_configs],
      ...sections,
    }),
  );
  writeFileSync(join(folder, 'rules.yml'), stringify({ groups }, { aliasDuplicateObjects: false }));
  if (openMetrics !== undefined) backfill(folder, openMetrics);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config ?? join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let output = '';
  const ready = Promise.withResolvers<void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.includes('Server is ready')) ready.resolve();
  });
  await Promise.race([
    ready.promise,
    ended.then(() => {
      throw new Error(`Prometheus exited:\n${output}`);
    }),
  ]);
  const url = `http://${address}`;
  return {
    url,
    async value(promql) {
      const reply = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: promql })}`);
      const { data } = (await reply.json()) as { data: { result: { value: [number, string] }[] } };
      return data.result[0] === undefined ? undefined : Number(data.result[0].value[1]);
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function backfill(folder: string, openMetrics: string): void {
  const file = join(folder, 'samples.txt');
  writeFileSync(file, openMetrics);
  const made = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`${made.stdout}${made.stderr}`);
}
