/** On which stack a game day may be played: told by a real Prometheus of what it watches. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { freePort } from '../test/kit/free-port.ts';
import type { Description, Marked } from './control/control-protocol.ts';
import { type Control, serveControl } from './control/serve-control.ts';
import { createStage } from './control/stage.ts';
import { findStack } from './find-stack.ts';
import type { Incident } from './incident.ts';
import { databaseAway } from './incidents/database-away.ts';
import { errors } from './incidents/errors.ts';
import { findTools, type Tools } from './stack/find-tools.ts';
import { toolOnLeash } from './stack/run-tool.ts';

const tools = findTools(process.env.PATH ?? '');
const dataDir = '/srv/rag';

test('without Prometheus it is said what to install', ({ skip }) => {
  if ('missing' in tools) skip(tools.missing);
});

test('where nothing was started, the person is told what to start', async () => {
  const nothing = { place: null, dataDir };
  await expect(findStack(errors, {}, nothing)).rejects.toThrow(
    'No stack for game days runs with DATA_DIR /srv/rag. Start one with `npm run gameday`',
  );
  const gone = { place: { url: `http://127.0.0.1:${await freePort()}`, secret: 's' }, dataDir };
  await expect(findStack(errors, {}, gone)).rejects.toThrow('does not answer any more');
  const strange = { prometheus: 'http://127.0.0.1:9', alertmanager: 'http://127.0.0.1:9' };
  await expect(findStack(errors, strange, nothing)).rejects.toThrow('Start one with `npm run gameday:model`');
  await expect(findStack(errors, { prometheus: 'http://127.0.0.1:9' }, nothing)).rejects.toThrow('go together');
});

describe.skipIf('missing' in tools)('beside a real Prometheus', async () => {
  if ('missing' in tools) return;
  const marked = await runPrometheus(tools, { external_labels: { gameday: 'a7' } });
  const unmarked = await runPrometheus(tools, {});
  const alertmanager = 'http://127.0.0.1:9';
  const stackAt = (prometheus: string): Marked => ({
    id: 'a7',
    scale: 1 / 60,
    chat: 'http://127.0.0.1:9',
    prometheus,
    alertmanager,
  });
  const model = await control({ stack: null, cannot: {}, modelAsked: 0 });

  async function find(incident: Incident, place: Control, flags: Parameters<typeof findStack>[1] = {}) {
    return findStack(incident, flags, { place, dataDir });
  }

  test('a stack that says it is one, and whose Prometheus says the same, is played on', async () => {
    const started = await control({ stack: stackAt(marked), cannot: { 'collector-away': 'no Go' }, modelAsked: 0 });
    expect(await find(errors, started)).toMatchObject({ gameday: 'a7', scale: 1 / 60, prometheus: marked });
    const refused = { ...errors, name: 'collector-away' };
    await expect(find(refused, started)).rejects.toThrow(
      'collector-away cannot be played here: no Go. Nothing was touched.',
    );
  });

  test('a stack whose Prometheus does not carry its mark is refused', async () => {
    const started = await control({ stack: stackAt(unmarked), cannot: {}, modelAsked: 0 });
    await expect(find(errors, started)).rejects.toThrow('its external label gameday is missing. Nothing was touched.');
    const other = await control({ stack: { ...stackAt(marked), id: 'b9' }, cannot: {}, modelAsked: 0 });
    await expect(find(errors, other)).rejects.toThrow('its external label gameday is "a7". Nothing was touched.');
  });

  test('another stack is refused unless it is marked, or it is said that it is really meant', async () => {
    await expect(find(errors, model, { prometheus: unmarked, alertmanager })).rejects.toThrow(
      /was not started for game days: its configuration has no external label "gameday"\. Nothing was touched\./,
    );
    const really = await find(errors, model, { prometheus: unmarked, alertmanager, yesReally: true });
    expect(really).toMatchObject({ gameday: null, scale: 1, told: null });
    const staging = await find(errors, model, { prometheus: marked, alertmanager });
    expect(staging).toMatchObject({ gameday: 'a7', told: null });
  });

  test('what needs power over processes is refused on another stack, really meant or not', async () => {
    const powerless = await control({ stack: null, cannot: { 'database-away': 'it needs power' }, modelAsked: 0 });
    const flags = { prometheus: unmarked, alertmanager, yesReally: true };
    await expect(find(databaseAway, powerless, flags)).rejects.toThrow(
      'database-away cannot be played here: it needs power.',
    );
  });

  test('a model server alone is no stack, and a whole stack is no model server for others', async () => {
    await expect(find(errors, model)).rejects.toThrow('Only a model server runs');
    const started = await control({ stack: stackAt(marked), cannot: {}, modelAsked: 0 });
    const flags = { prometheus: unmarked, alertmanager, yesReally: true };
    await expect(find(errors, started, flags)).rejects.toThrow('is a whole game-day stack');
  });
});

async function control(description: Omit<Description, 'playing'>): Promise<Control> {
  const stage = createStage({
    model: { behave: () => {}, rehearse: () => {} },
    levers: {},
    missing: () => '',
    now: () => 0,
  });
  const served = await serveControl({
    stage,
    told: () => [],
    runbook: () => null,
    describe: () => ({ ...description, playing: null }),
  });
  afterAll(served.close);
  return served;
}

async function runPrometheus({ prometheus }: Tools, global: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mark-'));
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, stringify({ global }));
  const address = `127.0.0.1:${await freePort()}`;
  const tool = toolOnLeash({
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
