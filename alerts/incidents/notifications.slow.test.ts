/** One incident sends one message: the alerts that fire in each outage, given to a real Alertmanager with the generated configuration. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { externalProcess } from '../../gameday/stack/external-process.ts';
import { findTools } from '../../gameday/stack/find-tools.ts';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { type FiringAlert, firingAlerts } from '../../test/kit/rules/firing-alerts.ts';
import { outages } from '../../test/kit/rules/outages.ts';
import { freePort } from '../../test/kit/servers/free-port.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { alertmanagerConfig } from '../alertmanager/config.ts';
import { objectiveGroups, operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 300_000 });

const tools = findTools(process.env.PATH ?? '');
const missing = 'missing' in tools ? tools.missing : null;
if (missing !== null) console.warn(`SKIPPED: notifications of outages. ${missing}`);

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = [...objectiveGroups(slo, indicators, deploymentLinks), ...operationGroups(slo, deploymentLinks)];

/** By outage: the one message. Others of the same time are the same incident. */
const messages: Readonly<Record<string, string>> = {
  'the identity provider is unreachable': 'page RagAvailability',
  'the model fails': 'page RagErrorRate',
  'the database is down': 'page RagDatabaseDown',
  'nothing is cited': 'page RagCitationRate',
  'answers take longer than five seconds': 'page RagLatencyP95',
  'one server of ten fails everything': 'chat RagInstanceFailing',
  'the only worker crashes and comes back at new addresses': 'page RagWorkerSilent',
  'one server of two vanishes': 'chat RagTargetsVanished',
};

test.skipIf(missing).each(Object.entries(messages))('%s: one message, %s', async (name, message) => {
  const outage = outages.find((each) => each.name === name);
  if (outage === undefined) throw new Error(`there is no outage ${name}`);
  const at = `${60 + outage.within}m`;
  const firing = firingAlerts(groups, { every: '1m', trace: outage.trace, at: [at] }).get(at) ?? [];
  expect(firing.length).toBeGreaterThan(0);
  expect(await notificationsOf(firing)).toEqual([message]);
});

/** Receivers and alert names of the messages that Alertmanager sends, at a hundredth of every duration. */
async function notificationsOf(firing: readonly FiringAlert[]): Promise<readonly string[]> {
  if ('missing' in tools) throw new Error(tools.missing);
  const received: string[] = [];
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const { groupLabels } = JSON.parse(body) as { groupLabels: Record<string, string> };
      received.push(`${request.url?.slice(1)} ${groupLabels.alertname}`);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  const { port } = await new Promise<AddressInfo>((resolve) =>
    hook.once('listening', () => resolve(hook.address() as AddressInfo)),
  );
  const dir = mkdtempSync(join(tmpdir(), 'notifications-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  onTestFinished(() => void hook.close());
  const url = (channel: string) => `http://127.0.0.1:${port}/${channel}`;
  const { text } = alertmanagerConfig({ pageWebhook: url('page'), chatWebhook: url('chat') }, dir, { scale: 0.02 });
  const place = (file: string) => join(dir, file);
  writeFileSync(place('alertmanager.yml'), text);
  const address = `127.0.0.1:${await freePort()}`;
  const alertmanager = externalProcess({
    name: 'alertmanager',
    file: tools.alertmanager,
    args: [
      `--config.file=${place('alertmanager.yml')}`,
      `--web.listen-address=${address}`,
      `--storage.path=${place('data')}`,
      '--cluster.listen-address=',
    ],
    env: { PATH: process.env.PATH ?? '' },
    log: place('alertmanager.log'),
    ready: `http://${address}/-/ready`,
  });
  await alertmanager.start();
  onTestFinished(() => alertmanager.stop());
  const alerts = firing.map(({ __name__: _, alertstate: _state, ...labels }) => ({ labels, annotations: {} }));
  // The last one shows that earlier groups were flushed.
  const last = { labels: { alertname: 'Last', severity: 'warning', service: 'none', slo: 'none' }, annotations: {} };
  const post = async (some: readonly object[]) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`http://${address}/api/v2/alerts`, {
      method: 'POST',
      headers,
      body: JSON.stringify(some),
    });
    expect(response.status).toBe(200);
  };
  await post(alerts);
  await expect
    .poll(async () => ((await (await fetch(`http://${address}/api/v2/alerts`)).json()) as unknown[]).length)
    .toBe(alerts.length);
  await post([last]);
  await expect.poll(() => received.includes('chat Last')).toBe(true);
  return received.filter((message) => message !== 'chat Last');
}
