/** The control server over real HTTP: one incident at a time, and recovery in every case. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Behaviour } from '../model/behaviour.ts';
import { controlClient } from './control-client.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { createFaultRunner, type FaultActions } from './fault-runner.ts';

let control: ControlServer;
let performed: string[];
let announced: (string | null)[];
let recovered: PromiseWithResolvers<void>;
let broken: string | null;

beforeEach(async () => {
  performed = [];
  announced = [];
  recovered = Promise.withResolvers();
  broken = null;
  const action = (name: string) => async () => {
    if (broken === name) throw new Error(`${name}: no`);
    performed.push(name);
    if (name === 'start') recovered.resolve();
  };
  const actions: FaultActions = { 'stop the database': action('stop'), 'start the database': action('start') };
  const model = {
    behave: (change: Partial<Behaviour>) => {
      performed.push(JSON.stringify(change));
      if (Object.keys(change).length === 0) recovered.resolve();
    },
    setIncident: (incident: string | null) => announced.push(incident),
  };
  const faultRunner = createFaultRunner({ model, actions, missing: (name) => `cannot ${name}`, now: () => Date.now() });
  control = await startControlServer({
    faultRunner,
    receivedAlerts: () => [],
    runbook: (file) => (file === 'RagSpend.md' ? '# RagSpend' : null),
    status: () => ({ stack: null, unsupported: {}, modelRequests: 7, running: faultRunner.running() }),
  });
});
afterEach(() => control.close());

test('an incident is injected at its start and recovered at its end, and each step has its time', async () => {
  const { start, status } = controlClient(control);
  const before = Date.now();
  const run = await start('database-down');
  expect(performed).toEqual(['stop']);
  expect((await status()).running).toBe('database-down');
  expect(announced).toEqual(['database-down']);
  expect(run.injectedAt).toBeGreaterThanOrEqual(before);
  const { recoveredAt, steps } = await run.recover();
  expect(performed).toEqual(['stop', 'start']);
  expect(recoveredAt).toBeGreaterThanOrEqual(run.injectedAt);
  expect(steps.map(({ action }) => action)).toEqual(['stop the database', 'start the database']);
  expect((await status()).running).toBeNull();
  expect(announced).toEqual(['database-down', null]);
});

test('a second incident is refused while one is running, and accepted afterwards', async () => {
  const { start } = controlClient(control);
  const first = await start('errors');
  await expect(start('database-down')).rejects.toThrow('another incident is running here');
  await first.recover();
  await (await start('database-down')).recover();
  expect(performed).toEqual(['{"errorShare":1}', '{}', 'stop', 'start']);
});

test('the stack recovers when the client disconnects', async () => {
  const disconnecting = new AbortController();
  const headers = { authorization: `Bearer ${control.secret}` };
  const url = `${control.url}/incidents/database-down`;
  const response = await fetch(url, { method: 'POST', headers, signal: disconnecting.signal });
  await response.body?.getReader().read();
  disconnecting.abort();
  await recovered.promise;
  expect(performed).toEqual(['stop', 'start']);
});

test('a stack that stops during an incident recovers first', async () => {
  const run = await controlClient(control).start('errors');
  await control.close();
  expect(performed).toEqual(['{"errorShare":1}', '{}']);
  await expect(run.recover()).rejects.toThrow();
});

test('an unsupported or unknown incident is refused with the reason, and nothing is changed', async () => {
  const { start, status } = controlClient(control);
  await expect(start('collector-down')).rejects.toThrow('cannot stop the Collector');
  await expect(start('rain')).rejects.toThrow('there is no incident rain');
  expect(performed).toEqual([]);
  expect((await status()).modelRequests).toBe(7);
});

test('a failed injection is reported and recovered', async () => {
  broken = 'stop';
  await expect(controlClient(control).start('database-down')).rejects.toThrow('injection failed: stop: no');
  await recovered.promise;
  expect(performed).toEqual(['start']);
});

test('every endpoint but the runbooks needs the secret', async () => {
  const stranger = controlClient({ url: control.url, secret: 'guessed' });
  await expect(stranger.status()).rejects.toThrow('the secret is wrong');
  await expect(stranger.start('errors')).rejects.toThrow('the secret is wrong');
  expect((await fetch(`${control.url}/incidents`, { method: 'DELETE' })).status).toBe(401);
  expect(await (await fetch(`${control.url}/runbooks/RagSpend.md`)).text()).toBe('# RagSpend');
  expect((await fetch(`${control.url}/runbooks/..%2Fsecret`)).status).toBe(404);
  expect(performed).toEqual([]);
});
