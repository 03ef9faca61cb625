/** Which stack an incident may run on, decided by the configuration of a real Prometheus. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { freePort } from '../test/kit/servers/free-port.ts';
import type { ControlStatus, StackInfo } from './control/control-protocol.ts';
import { type ControlServer, startControlServer } from './control/control-server.ts';
import { createFaultRunner } from './control/fault-runner.ts';
import { findStack } from './find-stack.ts';
import type { Incident } from './incident.ts';
import { databaseDown } from './incidents/database-down.ts';
import { errors } from './incidents/errors.ts';
import { externalProcess } from './stack/external-process.ts';
import { findTools, type Tools } from './stack/find-tools.ts';

const tools = findTools(process.env.PATH ?? '');
const dataDir = '/srv/rag';

test('without a stack the error says what to start', async () => {
  const nothing = { address: null, dataDir };
  await expect(findStack(errors, {}, nothing)).rejects.toThrow(
    'No game-day stack runs with DATA_DIR /srv/rag. Start one with `npm run gameday`',
  );
  const gone = { address: { url: `http://127.0.0.1:${await freePort()}`, secret: 's' }, dataDir };
  await expect(findStack(errors, {}, gone)).rejects.toThrow('no longer replies');
  const external = { prometheus: 'http://127.0.0.1:9', alertmanager: 'http://127.0.0.1:9' };
  await expect(findStack(errors, external, nothing)).rejects.toThrow('Start one with `npm run gameday:model`');
  await expect(findStack(errors, { prometheus: 'http://127.0.0.1:9' }, nothing)).rejects.toThrow('go together');
});

describe.skipIf('missing' in tools)('with a real Prometheus', async () => {
  if ('missing' in tools) return;
  const labelled = await runPrometheus(tools, { external_labels: { gameday: 'a7' } });
  const unlabelled = await runPrometheus(tools, {});
  const alertmanager = 'http://127.0.0.1:9';
  const stackAt = (prometheus: string): StackInfo => ({
    id: 'a7',
    scale: 1 / 60,
    chat: 'http://127.0.0.1:9',
    prometheus,
    alertmanager,
  });
  const model = await control({ stack: null, unsupported: {}, modelRequests: 0 });

  async function find(incident: Incident, address: ControlServer, flags: Parameters<typeof findStack>[1] = {}) {
    return findStack(incident, flags, { address, dataDir });
  }

  test('a stack is accepted when its Prometheus has its id as the label', async () => {
    const started = await control({
      stack: stackAt(labelled),
      unsupported: { 'collector-down': 'no Go' },
      modelRequests: 0,
    });
    expect(await find(errors, started)).toMatchObject({ gameday: 'a7', scale: 1 / 60, prometheus: labelled });
    const refused = { ...errors, name: 'collector-down' };
    await expect(find(refused, started)).rejects.toThrow('collector-down cannot run here: no Go. Nothing was changed.');
  });

  test('a stack is refused when its Prometheus has another label or none', async () => {
    const started = await control({ stack: stackAt(unlabelled), unsupported: {}, modelRequests: 0 });
    await expect(find(errors, started)).rejects.toThrow('its external label gameday is missing. Nothing was changed.');
    const other = await control({ stack: { ...stackAt(labelled), id: 'b9' }, unsupported: {}, modelRequests: 0 });
    await expect(find(errors, other)).rejects.toThrow('its external label gameday is "a7". Nothing was changed.');
  });

  test('another environment is refused unless it has the label or --yes-really is passed', async () => {
    await expect(find(errors, model, { prometheus: unlabelled, alertmanager })).rejects.toThrow(
      /was not started for game days: its configuration has no external label "gameday"\. Nothing was changed\./,
    );
    const really = await find(errors, model, { prometheus: unlabelled, alertmanager, yesReally: true });
    expect(really).toMatchObject({ gameday: null, scale: 1, receivedAlerts: null });
    const staging = await find(errors, model, { prometheus: labelled, alertmanager });
    expect(staging).toMatchObject({ gameday: 'a7', receivedAlerts: null });
  });

  test('an incident that needs control of processes is refused in another environment, even with --yes-really', async () => {
    const modelOnly = await control({
      stack: null,
      unsupported: { 'database-down': 'it needs control' },
      modelRequests: 0,
    });
    const flags = { prometheus: unlabelled, alertmanager, yesReally: true };
    await expect(find(databaseDown, modelOnly, flags)).rejects.toThrow(
      'database-down cannot run here: it needs control.',
    );
  });

  test('a model server is not a stack, and a whole stack is not the model server of another environment', async () => {
    await expect(find(errors, model)).rejects.toThrow('Only a model server is running');
    const started = await control({ stack: stackAt(labelled), unsupported: {}, modelRequests: 0 });
    const flags = { prometheus: unlabelled, alertmanager, yesReally: true };
    await expect(find(errors, started, flags)).rejects.toThrow('A whole game-day stack runs');
  });
});

async function control(status: Omit<ControlStatus, 'running'>): Promise<ControlServer> {
  const faultRunner = createFaultRunner({
    model: { behave: () => {}, setIncident: () => {} },
    actions: {},
    missing: () => '',
    now: () => 0,
  });
  const served = await startControlServer({
    faultRunner,
    receivedAlerts: () => [],
    runbook: () => null,
    status: () => ({ ...status, running: null }),
  });
  afterAll(served.close);
  return served;
}

async function runPrometheus({ prometheus }: Tools, global: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'label-'));
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, stringify({ global }));
  const address = `127.0.0.1:${await freePort()}`;
  const tool = externalProcess({
    name: 'prometheus',
    file: prometheus,
    args: [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`],
    env: {},
    log: join(folder, 'log'),
    ready: `http://${address}/-/ready`,
  });
  afterAll(async () => {
    await tool.stop();
    rmSync(folder, { recursive: true });
  });
  await tool.start();
  return `http://${address}`;
}
