/** The control address over real HTTP: one game day at a time, and nothing stays broken. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Behaviour } from '../model/behaviour.ts';
import { reachControl } from './reach-control.ts';
import { type Control, serveControl } from './serve-control.ts';
import { createStage, type Levers } from './stage.ts';

let control: Control;
let did: string[];
let rehearsed: (string | null)[];
let healed: PromiseWithResolvers<void>;
let broken: string | null;

beforeEach(async () => {
  did = [];
  rehearsed = [];
  healed = Promise.withResolvers();
  broken = null;
  const lever = (name: string) => async () => {
    if (broken === name) throw new Error(`${name}: no`);
    did.push(name);
    if (name === 'start') healed.resolve();
  };
  const levers: Levers = { 'stop the database': lever('stop'), 'start the database': lever('start') };
  const model = {
    behave: (change: Partial<Behaviour>) => {
      did.push(JSON.stringify(change));
      if (Object.keys(change).length === 0) healed.resolve();
    },
    rehearse: (incident: string | null) => rehearsed.push(incident),
  };
  const stage = createStage({ model, levers, missing: (name) => `nobody can ${name}`, now: () => Date.now() });
  control = await serveControl({
    stage,
    told: () => [],
    runbook: (file) => (file === 'RagSpend.md' ? '# RagSpend' : null),
    describe: () => ({ stack: null, cannot: {}, modelAsked: 7, playing: stage.playing() }),
  });
});
afterEach(() => control.close());

test('an incident is injected when it begins and healed when it ends, each step with its time', async () => {
  const { begin, describe } = reachControl(control);
  const before = Date.now();
  const play = await begin('database-away');
  expect(did).toEqual(['stop']);
  expect((await describe()).playing).toBe('database-away');
  expect(rehearsed).toEqual(['database-away']);
  expect(play.injectedAt).toBeGreaterThanOrEqual(before);
  const { healedAt, steps } = await play.end();
  expect(did).toEqual(['stop', 'start']);
  expect(healedAt).toBeGreaterThanOrEqual(play.injectedAt);
  expect(steps.map((step) => step.did)).toEqual(['stop the database', 'start the database']);
  expect((await describe()).playing).toBeNull();
  expect(rehearsed).toEqual(['database-away', null]);
});

test('two game days at once are one too many; the next one may come after', async () => {
  const { begin } = reachControl(control);
  const first = await begin('errors');
  await expect(begin('database-away')).rejects.toThrow('another game day is being played here');
  await first.end();
  await (await begin('database-away')).end();
  expect(did).toEqual(['{"errorShare":1}', '{}', 'stop', 'start']);
});

test('whoever plays and vanishes leaves nothing broken', async () => {
  const vanishing = new AbortController();
  const headers = { authorization: `Bearer ${control.secret}` };
  const url = `${control.url}/incidents/database-away`;
  const response = await fetch(url, { method: 'POST', headers, signal: vanishing.signal });
  await response.body?.getReader().read();
  vanishing.abort();
  await healed.promise;
  expect(did).toEqual(['stop', 'start']);
});

test('a stack that is stopped meanwhile is healed first', async () => {
  const play = await reachControl(control).begin('errors');
  await control.close();
  expect(did).toEqual(['{"errorShare":1}', '{}']);
  await expect(play.end()).rejects.toThrow();
});

test('what cannot be played is refused with the reason, and nothing is touched', async () => {
  const { begin, describe } = reachControl(control);
  await expect(begin('collector-away')).rejects.toThrow('nobody can stop the Collector');
  await expect(begin('rain')).rejects.toThrow('there is no incident rain');
  expect(did).toEqual([]);
  expect((await describe()).modelAsked).toBe(7);
});

test('an injection that fails is healed and told', async () => {
  broken = 'stop';
  await expect(reachControl(control).begin('database-away')).rejects.toThrow('it could not be injected: stop: no');
  await healed.promise;
  expect(did).toEqual(['start']);
});

test('without the secret nobody reads or breaks anything; runbooks are for everybody', async () => {
  const stranger = reachControl({ url: control.url, secret: 'guessed' });
  await expect(stranger.describe()).rejects.toThrow('no secret');
  await expect(stranger.begin('errors')).rejects.toThrow('no secret');
  expect((await fetch(`${control.url}/incidents`, { method: 'DELETE' })).status).toBe(401);
  expect(await (await fetch(`${control.url}/runbooks/RagSpend.md`)).text()).toBe('# RagSpend');
  expect((await fetch(`${control.url}/runbooks/..%2Fsecret`)).status).toBe(404);
  expect(did).toEqual([]);
});
