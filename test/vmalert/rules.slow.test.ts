/** The rules on VictoriaMetrics: vmalert evaluates them and stores what they record. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, inject, test } from 'vitest';
import { stringify } from 'yaml';
import { objectiveGroups, operationGroups } from '../../alerts/rules.ts';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { type CountingTarget, startCountingTarget } from '../kit/servers/counting-target.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { jobObjectives, objectives } from '../kit/slo/specification.ts';

const folder = inject('vmalert');
const program = (name: string) => join(folder ?? '', name);
const scratch: string[] = [];
const programs: ChildProcess[] = [];
const targets: CountingTarget[] = [];

afterEach(async () => {
  for (const child of programs.splice(0).reverse()) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  for (const target of targets.splice(0)) await target.stop();
  for (const each of scratch.splice(0)) rmSync(each, { recursive: true, force: true });
});

test.skipIf(folder === null)('vmalert accepts every shipped rule', () => {
  const { status, stderr } = spawnSync(
    program('vmalert'),
    ['-dryRun', '-rule=alerts/generated/slo-rules.yml', '-rule=alerts/generated/operation-rules.yml'],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
});

test.skipIf(folder === null)('vmalert pages for the deployment that fails, and its message is complete', async () => {
  const work = mkdtempSync(join(tmpdir(), 'vmalert-'));
  scratch.push(work);
  const slo = compileObjectives(
    { ...objectives, ...jobObjectives },
    // One hour of the rules lasts a minute.
    { boundsOf: boundsOf(indicators), scale: 1 / 60 },
  );
  const groups = [...objectiveGroups(slo, indicators, deploymentLinks), ...operationGroups(slo, deploymentLinks)];
  writeFileSync(join(work, 'rules.yml'), stringify({ groups }, { aliasDuplicateObjects: false }));
  const scraped = await Promise.all(
    ['production', 'staging'].map(async (env) => ({
      targets: [await startDeployment(env)],
      labels: { env },
    })),
  );
  writeFileSync(
    join(work, 'scrape.yml'),
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [{ job_name: 'rag-chat', static_configs: scraped }],
    }),
  );
  const [storage, alerting] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  await startProgram('victoria-metrics', storage, [
    `-storageDataPath=${join(work, 'data')}`,
    `-promscrape.config=${join(work, 'scrape.yml')}`,
    // Otherwise samples of the last 30 s are not returned, which is half an hour here.
    '-search.latencyOffset=0s',
  ]);
  await startProgram('vmalert', alerting, [
    `-rule=${join(work, 'rules.yml')}`,
    `-datasource.url=http://${storage}`,
    `-remoteWrite.url=http://${storage}`,
    `-remoteWrite.flushInterval=200ms`,
    '-notifier.blackhole',
  ]);

  type Alert = { name: string; state: string; labels: Record<string, string>; annotations: Record<string, string> };
  const firing = async (): Promise<readonly Alert[]> => {
    const reply = await fetch(`http://${alerting}/api/v1/alerts`);
    const { data } = (await reply.json()) as { data: { alerts: readonly Alert[] } };
    return data.alerts.filter(({ state }) => state === 'firing');
  };
  const pages = async () =>
    (await firing())
      .filter(({ labels }) => labels.alertname === 'RagErrorRate' && labels.severity === 'critical')
      .map(({ labels }) => labels.env);
  await expect.poll(pages, { timeout: 120_000 }).toEqual(['staging']);
  for (const { labels, annotations } of await firing()) {
    for (const [name, text] of Object.entries(annotations)) {
      expect(text, `${labels.alertname} ${name}`).not.toMatch(/<no value>|%!|\bNaN\b|<error/);
    }
  }
});

async function startDeployment(env: string): Promise<string> {
  const answers = (outcome: string) =>
    `rag_answers_total{service="rag-chat",outcome="${outcome}",cited="true",model="m"}`;
  const target = await startCountingTarget({
    [answers('answered')]: 100,
    [answers('failed')]: env === 'staging' ? 50 : 0,
  });
  targets.push(target);
  return target.address;
}

/** Resolves when it answers on its address. */
async function startProgram(name: string, address: string, flags: readonly string[]): Promise<void> {
  const child = spawn(program(name), [`-httpListenAddr=${address}`, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  programs.push(child);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  await expect
    .poll(
      () => {
        if (child.exitCode !== null) throw new Error(`${name} exited:\n${log}`);
        return fetch(`http://${address}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}
